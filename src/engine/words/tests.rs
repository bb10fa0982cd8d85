//! What is a word of a profile, and what is refused.
//!
//! Invariant: nothing but the words of the list parses. Read next: [`super`].

use super::*;

#[test]
fn countries_are_two_capitals_in_the_order_of_their_codes() {
    assert_eq!(Country::parse("CN").map(Country::code), Ok(2 * 26 + 13));
    for wrong in ["", "C", "cn", "CHN", "É"] {
        assert!(Country::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Country::UNKNOWN.code(), Country::CODES - 1);
}

#[test]
fn sectors_have_at_most_one_dot() {
    let leaf = Sector::parse("ict.ai").expect("a leaf");
    assert_eq!((leaf.parent(), leaf.is_leaf()), ("ict", true));
    let parent = Sector::parse("ict").expect("a parent");
    assert_eq!((parent.parent(), parent.is_leaf()), ("ict", false));
    for wrong in ["", ".", "ict.", ".ai", "ict.ai.nlp", "ICT", "ict ai"] {
        assert!(Sector::parse(wrong).is_err(), "{wrong}");
    }
}
