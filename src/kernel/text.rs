//! Text that people typed: cleaned once, at the edge.
//!
//! Invariant: a cleaned text is NFC, trimmed, within its length, and free of control, bidirectional and invisible
//! characters, so it can stand in a log line, a header or a page. Two invisible ones are let through, the joiners U+200C
//! and U+200D, as Persian, Hindi and others are not written without them; confusable names are found elsewhere
//! (`accounts::organisations`). Read next: the models that use it.

use unicode_normalization::UnicodeNormalization;

/// Why a text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing is left after trimming.
    #[error("is empty")]
    Empty,
    /// More characters than allowed.
    #[error("is longer than {0} characters")]
    TooLong(usize),
    /// A character that changes how other text is shown, or that no person types.
    #[error("contains the character U+{0:04X}, which is not allowed")]
    Forbidden(u32),
}

impl TextError {
    /// The machine word of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
            Self::Forbidden(_) => "forbidden_character",
        }
    }
}

fn forbidden(c: char, lines: bool) -> bool {
    match c {
        '\n' | '\t' => !lines,
        '\u{200C}' | '\u{200D}' => false,
        '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => true,
        '\u{FEFF}' | '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{FFF9}'..='\u{FFFB}' => true,
        '\u{E0000}'..='\u{E007F}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}' => true,
        c => c.is_control(),
    }
}

fn clean(text: &str, max: usize, lines: bool) -> Result<String, TextError> {
    let text: String = text.replace("\r\n", "\n").nfc().collect();
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if let Some(c) = text.chars().find(|c| forbidden(*c, lines)) {
        return Err(TextError::Forbidden(u32::from(c)));
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    Ok(text.to_owned())
}

/// One line of text, at most `max` characters.
pub fn line(text: &str, max: usize) -> Result<String, TextError> {
    clean(text, max, false)
}

/// Text of several lines, at most `max` characters.
pub fn paragraphs(text: &str, max: usize) -> Result<String, TextError> {
    clean(text, max, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_composed() {
        assert_eq!(line("  Cafe\u{301} ", 10), Ok("Café".to_owned()));
        assert_eq!(line("   ", 10), Err(TextError::Empty));
        assert_eq!(line("abc", 2), Err(TextError::TooLong(2)));
    }

    #[test]
    fn characters_that_deceive_are_refused() {
        for c in ['\0', '\n', '\u{202E}', '\u{200B}', '\u{FEFF}', '\u{7f}', '\u{2066}'] {
            assert_eq!(line(&format!("a{c}b"), 9), Err(TextError::Forbidden(u32::from(c))));
        }
        assert_eq!(paragraphs("a\r\nb", 9), Ok("a\nb".to_owned()));
    }

    #[test]
    fn joiners_that_some_scripts_need_are_kept() {
        assert!(line("می\u{200C}خواهم", 20).is_ok());
    }
}
