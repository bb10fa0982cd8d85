//! Which passwords are too easy to guess.
//!
//! Invariant: no rule about kinds of characters; only length, what is common, and what an attacker knows of the person.
//! Read next: `seeds/passwords/SOURCE.md`, where the list comes from.

use super::Password;
use crate::kernel::error::{Code, Error, FieldError, Result};
use std::collections::HashSet;

const COMMON: &str = include_str!("../../../seeds/passwords/common.txt");
/// The fewest characters of a password.
pub const MIN: usize = 12;
/// The most characters of a password.
pub const MAX: usize = 256;
/// The fewest different characters.
const VARIETY: usize = 5;
/// The fewest characters that are left without the words that everybody knows of the person.
const REMAINDER: usize = 6;

/// The common passwords, ready to be looked up.
pub struct Policy {
    common: HashSet<&'static str>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { common: COMMON.lines().collect() }
    }
}

impl Policy {
    /// Refuses a password that is too easy to guess for the person with that address and name.
    pub fn judge(&self, password: &Password, email: &str, name: Option<&str>, pointer: &str) -> Result<()> {
        let Some((code, why)) = self.fault(password.text(), &words(email, name)) else { return Ok(()) };
        let field = FieldError::at(pointer, code, why);
        Err(Error { fields: vec![field], ..Error::new(Code::PasswordTooWeak, format!("the password {why}")) })
    }

    fn fault(&self, password: &str, words: &[String]) -> Option<(&'static str, &'static str)> {
        let length = password.chars().count();
        if length < MIN {
            return Some(("too_short", "has fewer than 12 characters"));
        }
        if length > MAX {
            return Some(("too_long", "has more than 256 characters"));
        }
        let folded = password.to_lowercase();
        if self.is_common(&folded) {
            return Some(("common_password", "is one that many people use"));
        }
        if folded.chars().collect::<HashSet<_>>().len() < VARIETY || is_run(&folded) {
            return Some(("repetitive", "is a repetition or a sequence"));
        }
        let rest = words.iter().fold(folded, |text, word| text.replace(word, ""));
        let trimmed = letters(&rest);
        if rest.chars().count() < length && (trimmed.chars().count() < REMAINDER || self.is_common(trimmed)) {
            return Some(("personal", "is made of your name, your address or ours"));
        }
        None
    }

    /// Whether a text is common, alone, repeated, or with digits and signs around it.
    fn is_common(&self, folded: &str) -> bool {
        let core = letters(folded);
        let known = |text: &str| self.common.contains(text);
        let repeated = |text: &str| {
            let length = text.len();
            (1..=length / 2)
                .filter(|n| length.is_multiple_of(*n) && text.is_char_boundary(*n))
                .any(|n| known(&text[..n]) && text[..n].repeat(length / n) == text)
        };
        known(folded) || repeated(folded) || (!core.is_empty() && (known(core) || repeated(core)))
    }
}

/// The text without what is no letter at its ends.
fn letters(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphabetic())
}

/// Whether most characters follow their neighbour: `aaaa`, `1234`, `9876`.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps = codes.windows(2).map(|pair| pair[1] - pair[0]);
    let smooth = steps.filter(|step| matches!(step, -1..=1 | -9 | 9)).count();
    smooth * 4 >= codes.len() * 3
}

/// What everybody knows of a person: parts of the address and of the name, and ourselves.
fn words(email: &str, name: Option<&str>) -> Vec<String> {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let text =
        format!("{local} {} {} springboard", domain.split('.').next().unwrap_or(""), name.unwrap_or(""));
    let split = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
    let mut words: Vec<String> =
        split.chain([local.to_lowercase()]).filter(|w| w.chars().count() >= 4).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.len()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> Option<&'static str> {
        let policy = Policy::default();
        let judged =
            policy.judge(&Password::new(password), "ann.lovelace@example.org", Some("Ann Lovelace"), "/p");
        judged.err().map(|e| {
            assert_eq!(e.code, Code::PasswordTooWeak);
            e.fields[0].code
        })
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(fault("7 chars"), Some("too_short"));
        assert_eq!(fault("ninechärs,11"), None);
        assert_eq!(fault(&"correct horse battery ".repeat(13)), Some("too_long"));
        assert_eq!(fault(&"correct horse battery ".repeat(9)[..198]), None);
    }

    #[test]
    fn common_passwords_are_refused_in_every_dress() {
        for text in ["password1234!", "PasswordPassword", "qwerty123456", "!!!Sunshine2026", "leavemealone"] {
            assert_eq!(fault(text), Some("common_password"), "{text}");
        }
    }

    #[test]
    fn runs_and_repetitions_are_refused() {
        for text in ["abcdefghijklm", "aaaaaaaaaaaaaaaa", "987654321098", "abababababab"] {
            assert!(fault(text).is_some(), "{text}");
        }
    }

    #[test]
    fn what_is_known_of_the_person_does_not_count() {
        for text in
            ["lovelace2026!!", "springboard2026", "ann.lovelace1", "Example-Lovelace", "lovelace-dragon"]
        {
            assert_eq!(fault(text), Some("personal"), "{text}");
        }
    }

    #[test]
    fn spaces_and_emoji_are_welcome() {
        assert_eq!(fault("tea 🍵 at four o'clock"), None);
        assert_eq!(fault("correct horse battery staple"), None);
        assert_eq!(fault("Vq8#mfT2!xLp"), None);
    }
}
