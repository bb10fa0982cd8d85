//! People as the domain knows them, and the texts they are known by.
//!
//! Invariant: an [`Email`] has no control character, space or quote, so it can stand in a mail header; two addresses
//! that fold to the same text are the same. Read next: [`mod@super::sign_up`].

use crate::identity::{OrganisationKind, OrganisationState, PersonState, Role};
use crate::kernel::{
    error::{Error, Result},
    ids::{OrganisationId, PersonId},
    text,
    time::Timestamp,
};
use unicode_normalization::UnicodeNormalization;

/// An e-mail address as it was typed, and folded for comparison.
#[derive(Clone, PartialEq, Eq)]
pub struct Email {
    text: String,
    folded: String,
}

impl Email {
    /// The address of a text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text::line(text, 254).ok()?;
        let (local, domain) = text.rsplit_once('@')?;
        let dots = |part: &str| part.split('.').all(|piece| !piece.is_empty());
        let local_char = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        let label = |l: &str| l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-');
        let domain_char = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
        let valid = local.len() <= 64
            && dots(local)
            && local.chars().all(local_char)
            && dots(domain)
            && domain.chars().all(domain_char)
            && domain.split('.').all(label)
            && domain.contains('.')
            && text.len() <= 254;
        let folded = text.to_lowercase().nfc().collect();
        valid.then_some(Self { text, folded })
    }

    /// The address of a field of the body.
    pub fn of_field(text: &str, pointer: &str) -> Result<Self> {
        Self::parse(text).ok_or_else(|| Error::field(pointer, "invalid_format", "is not an e-mail address"))
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As it is compared.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// What a person wants to be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

impl PersonName {
    /// The most characters of a name.
    pub const MAX: usize = 120;

    /// The name of a field of the body.
    pub fn of_field(text: &str, pointer: &str) -> Result<Self> {
        let cleaned = text::line(text, Self::MAX);
        cleaned.map(Self).map_err(|e| Error::field(pointer, e.code(), e.to_string()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A person with what names them.
#[derive(Clone)]
pub struct Person {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: PersonId,
    /// The address as typed.
    pub email: String,
    /// The name.
    pub name: Option<String>,
    /// Where the person stands.
    pub state: PersonState,
    /// Whether the person is a platform admin.
    pub admin: bool,
    /// When the address was confirmed.
    pub verified_at: Option<Timestamp>,
    /// The version, for `If-Match`.
    pub version: i64,
    /// When the person signed up.
    pub created_at: Timestamp,
}

/// A person's place in one organisation, as the person sees it.
pub struct Place {
    /// The organisation.
    pub organisation: OrganisationId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Where it stands.
    pub state: OrganisationState,
    /// What the person may do there.
    pub role: Role,
}

/// What signing in needs to know of a person.
#[derive(Clone)]
pub struct Login {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: PersonId,
    /// Where the person stands.
    pub state: PersonState,
    /// The stored hash of the password.
    pub password_hash: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_folded_for_comparison_only() {
        let email = Email::parse("Ann.O'Hara+x@Example.ORG").expect("address");
        assert_eq!(
            (email.as_str(), email.folded()),
            ("Ann.O'Hara+x@Example.ORG", "ann.o'hara+x@example.org")
        );
        let composed = Email::parse("zoe\u{308}@example.org").expect("address");
        assert!(composed == Email::parse("zoë@example.org").expect("address"));
    }

    #[test]
    fn case_41_texts_that_are_no_address_or_break_a_header_are_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        for text in [
            "",
            "ann",
            "@example.org",
            "ann@",
            "ann@example",
            "a b@example.org",
            "ann@example.org\r\nBcc: eve@example.org",
            "ann@exa\nmple.org",
            "\"a b\"@example.org",
            "<ann@example.org>",
            "ann@example.org, eve@example.org",
            "ann@-example.org",
            "ann@example..org",
            ".ann@example.org",
            "ann@[127.0.0.1]",
            "ann\u{202E}@example.org",
            &long,
        ] {
            assert!(Email::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_name_is_one_clean_line() {
        assert!(PersonName::of_field("Zoë\r\nBcc: x", "/name").is_err());
        assert_eq!(PersonName::of_field("  Zoë ", "/name").map(|n| n.0).ok(), Some("Zoë".to_owned()));
    }
}
