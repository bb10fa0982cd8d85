//! The one tokeniser: texts of any language into words that both databases compare alike.
//!
//! Small letters, compatibility forms (NFKC) and plain letters for accented ones; what is written without blanks (Chinese,
//! Japanese, Korean, Thai, …) becomes pairs of neighbouring characters.
//!
//! Invariant: a token holds only letters, digits and signs of a script, so no token means anything to a database.
//! Read next: [`super::browse`].

use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// The most characters of a token.
pub const LONGEST: usize = 64;

/// Small letters without accents and compatibility forms.
pub fn fold(text: &str) -> String {
    let plain = |c: char| !matches!(c, '\u{300}'..='\u{36F}' | '\u{200C}' | '\u{200D}');
    let once: String = text.to_lowercase().nfkd().filter(|c| plain(*c)).nfc().collect();
    let mut folded = String::with_capacity(once.len());
    for c in once.chars() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// Whether a script writes words without blanks between them.
fn unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFD}')
}

enum Run {
    Word(String),
    Signs(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut fresh = true;
    for c in fold(text).chars() {
        let (sign, letter) = (unspaced(c), c.is_alphanumeric());
        match runs.last_mut() {
            Some(Run::Signs(run)) if !fresh && sign => run.push(c),
            Some(Run::Word(run)) if !fresh && letter && !sign => run.push(c),
            _ if sign => runs.push(Run::Signs(vec![c])),
            _ if letter => runs.push(Run::Word(c.to_string())),
            _ => {}
        }
        fresh = !sign && !letter;
    }
    runs
}

fn cut(word: &str) -> String {
    word.chars().take(LONGEST).collect()
}

/// The tokens of a text that is to be found: words, pairs of signs, and the last sign of each run.
pub fn of_text(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => tokens.push(cut(&word)),
            Run::Signs(signs) => {
                tokens.extend(signs.windows(2).map(|pair| pair.iter().collect::<String>()));
                tokens.extend(signs.last().map(char::to_string));
            }
        }
    }
    tokens
}

/// What is looked for: whole tokens, and the beginning of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Tokens that have to be there.
    pub whole: Vec<String>,
    /// How some token has to begin.
    pub beginning: Option<String>,
}

/// The tokens of a query: all have to be there, and the last may be the beginning of a word.
pub fn of_query(text: &str) -> Wanted {
    let mut tokens = Vec::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => tokens.push(cut(&word)),
            Run::Signs(signs) if signs.len() == 1 => tokens.extend(signs.first().map(char::to_string)),
            Run::Signs(signs) => tokens.extend(signs.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
    }
    let beginning = tokens.pop();
    tokens.sort();
    tokens.dedup();
    Wanted { whole: tokens, beginning }
}

/// Each token of weighed texts with the greatest weight that it has.
pub fn weighed(texts: &[(i32, String)]) -> BTreeMap<String, i32> {
    let mut all = BTreeMap::new();
    for (weight, text) in texts {
        for token in of_text(text) {
            let best = all.entry(token).or_insert(*weight);
            *best = (*best).max(*weight);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_small_plain_and_without_punctuation() {
        assert_eq!(of_text("Société Générale – L'Été 2026!"), ["societe", "generale", "l", "ete", "2026"]);
        assert_eq!(of_text("Straße Łódź ﬁn Ⅷ ΟΔΟΣ"), ["strasse", "lodz", "fin", "viii", "οδοσ"]);
        assert_eq!(of_text("Ёлка й"), ["елка", "и"]);
        assert_eq!(of_text("İstanbul ISTANBUL ıstanbul"), ["istanbul"; 3]);
    }

    #[test]
    fn scripts_without_blanks_become_pairs() {
        assert_eq!(of_text("量子计算AI"), ["量子", "子计", "计算", "算", "ai"]);
        assert_eq!(of_text("ｶﾒﾗ"), ["カメ", "メラ", "ラ"]);
        assert_eq!(of_text("한국어"), ["한국", "국어", "어"]);
        assert_eq!(of_query("计算").beginning, Some("计算".to_owned()));
        assert_eq!(of_query("量子计"), Wanted { whole: vec!["量子".into()], beginning: Some("子计".into()) });
        assert_eq!(of_query("算").beginning, Some("算".to_owned()));
    }

    #[test]
    fn whatever_is_found_is_found_by_itself() {
        for text in ["Photonique", "量子计算", "ソフトウェア", "наука", "ปัญญา", "हिन्दी", "naïve café"]
        {
            let (tokens, wanted) = (of_text(text), of_query(text));
            assert!(wanted.whole.iter().all(|w| tokens.contains(w)), "{text}");
            let beginning = wanted.beginning.expect("a token");
            assert!(tokens.iter().any(|t| t.starts_with(&beginning)), "{text}");
        }
    }

    #[test]
    fn signs_of_query_languages_mean_nothing() {
        for text in ["%", "_", "'; DROP TABLE profiles; --", "a* OR b", "\"x\"", "(a)"] {
            let wanted = of_query(text);
            let tokens = wanted.whole.iter().chain(&wanted.beginning);
            assert!(tokens.into_iter().all(|t| t.chars().all(char::is_alphanumeric)), "{text}");
        }
        assert_eq!(of_query("%_ -"), Wanted::default());
    }

    #[test]
    fn a_token_has_the_weight_of_its_best_place() {
        let texts = [(1, "Lumen makes cameras".to_owned()), (3, "Lumen".to_owned())];
        let all = weighed(&texts);
        assert_eq!((all["lumen"], all["cameras"]), (3, 1));
    }

    #[test]
    fn endless_words_are_cut() {
        assert_eq!(of_text(&"x".repeat(500))[0].len(), LONGEST);
        assert_eq!(of_query(&"x".repeat(500)).beginning.map(|t| t.len()), Some(LONGEST));
    }
}
