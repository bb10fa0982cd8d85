//! An organisation, its name, who may see it, and the transitions between its states.
//!
//! Invariant: two names that a reader could take for one another have the same skeleton; the skeleton flags and never
//! refuses. Read next: [`super::register`].

use crate::identity::{Acting, OrganisationKind, OrganisationState, Principal, Role};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::OrganisationId,
    text,
    time::Timestamp,
    visibility::{Audience, Capability, Class, Document},
};
use crate::reference::CountryCode;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The operator's choice of who lets new organisations in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// An admin or an entitled organiser approves each.
    ByApprover,
    /// A new organisation is approved as it is registered.
    AtOnce,
}

/// An organisation as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Where it stands.
    pub state: OrganisationState,
    /// Whether its people may approve others.
    pub approver: bool,
    /// Its name.
    pub name: String,
    /// Where it has its seat.
    pub country: Option<CountryCode>,
    /// Where its own pages are.
    pub website: Option<String>,
    /// Whether it belongs to the demo world.
    pub demo: bool,
    /// Its version.
    pub version: i64,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What its name looks like; see [`OrganisationName::skeleton`].
    pub skeleton: String,
    /// When it was first approved.
    pub approved_at: Option<Timestamp>,
    /// Why it is suspended.
    pub suspension_reason: Option<String>,
}

/// What can be done to the state of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Let it take part.
    Approve,
    /// Let it take no part for the time being.
    Suspend,
    /// End the suspension.
    Restore,
}

impl Organisation {
    /// The proof that the operator acts for this organisation as an owner would: for commands and the demo world.
    pub fn by_operator(&self) -> Acting {
        Acting {
            organisation_number: self.number,
            organisation: self.id,
            kind: Some(self.kind),
            role: Role::Owner,
        }
    }

    /// The state after a transition, or which states can follow instead.
    pub fn after(&self, transition: Transition) -> Result<OrganisationState> {
        use OrganisationState::{Approved, Pending, Suspended};
        let before = if self.approved_at.is_some() { Approved } else { Pending };
        let allowed: &[&str] = match self.state {
            Pending => &["approved", "suspended"],
            Approved => &["suspended"],
            Suspended if before == Approved => &["approved"],
            Suspended => &["pending"],
        };
        match (self.state, transition) {
            (Pending, Transition::Approve) => Ok(Approved),
            (Pending | Approved, Transition::Suspend) => Ok(Suspended),
            (Suspended, Transition::Restore) => Ok(before),
            (state, _) => {
                let detail = format!("the organisation is {}", state.as_str());
                Err(Error::state(state.as_str(), allowed, detail))
            }
        }
    }

    /// Which audience the caller is of this organisation; 404 for whoever may not know of it.
    pub fn seen_by(&self, caller: Option<&Principal>) -> Result<Audience> {
        let approves = self.state != OrganisationState::Suspended && caller.is_some_and(may_approve);
        let audience = caller.map_or(Audience::EVERYBODY, |person| person.towards(self.number));
        let audience = audience.with_if(approves, Capability::Granted(Document::Approval));
        if self.state == OrganisationState::Approved || audience.sees(Class::Granted(Document::Approval)) {
            return Ok(audience);
        }
        Err(Error::not_found())
    }
}

/// Whether this person may approve organisations: as an admin, or as an editor or owner of an entitled organiser.
pub fn may_approve(person: &Principal) -> bool {
    let entitled = |m: &crate::identity::Membership| {
        m.approver && m.state == OrganisationState::Approved && m.role >= Role::Editor
    };
    person.admin || person.memberships.iter().any(entitled)
}

/// The name of an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationName(String);

impl OrganisationName {
    /// The most characters of a name.
    pub const MAX: usize = 120;

    /// The name, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text::line(text, Self::MAX)
            .map_err(|e| Error::field("/name", e.code(), format!("the name {e}")))?;
        if !name.chars().any(char::is_alphanumeric) {
            return Err(Error::field("/name", "invalid_format", "the name has no letter and no digit"));
        }
        Ok(Self(name))
    }

    /// The name as people read it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name for search: lower case, without accents, with single spaces.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }

    /// What the name looks like: the same for names that a reader could take for one another.
    pub fn skeleton(&self) -> String {
        let looks: String = fold(&self.0).chars().filter(|c| c.is_alphanumeric()).map(lookalike).collect();
        looks.replace("rn", "m").replace("vv", "w")
    }
}

/// A text for search: lower case, compatibility forms and accents removed, single spaces.
pub fn fold(text: &str) -> String {
    let plain: String =
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).nfc().collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The Latin letter that a lower-case letter or digit looks like, in its small or its capital form.
fn lookalike(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'β' | 'ß' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'н' | 'һ' | 'η' | 'հ' => 'h',
        'і' | 'ι' | 'ı' | 'ӏ' | 'i' | '1' => 'l',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' | 'ո' => 'n',
        'о' | 'ο' | 'օ' | '0' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' | '5' => 's',
        'т' | 'τ' => 't',
        'ս' => 'u',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'υ' | 'ү' => 'y',
        'ζ' => 'z',
        other => other,
    }
}

/// The address of an organisation's own pages: http or https, a host in ASCII, no user name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Website(String);

impl Website {
    /// The most characters of an address.
    pub const MAX: usize = 200;

    /// The address, or what is wrong with it.
    pub fn parse(text: &str) -> Result<Self> {
        let invalid = || Error::field("/website", "invalid_format", "is not an http or https address");
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let rest = rest.ok_or_else(invalid)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
        let host_char = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        let dotted = host.contains('.') && host.split('.').all(|label| !label.is_empty());
        let valid = dotted && host.chars().all(host_char) && port.parse::<u16>().is_ok();
        if valid && path.bytes().all(|b| b.is_ascii_graphic()) && text.len() <= Self::MAX {
            Ok(Self(text.to_owned()))
        } else {
            Err(invalid())
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The refusal of somebody who sees the organisation and may not approve it.
pub fn not_an_approver() -> Error {
    Error::new(Code::Forbidden, "only a platform admin or an entitled organiser may do this")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation(state: OrganisationState, approved_at: Option<i64>) -> Organisation {
        let at = Timestamp::from_micros(0);
        Organisation {
            number: 1,
            id: OrganisationId::new(at),
            kind: OrganisationKind::Startup,
            state,
            approver: false,
            name: "A".to_owned(),
            country: None,
            website: None,
            demo: false,
            version: 1,
            created_at: at,
            updated_at: at,
            skeleton: "a".to_owned(),
            approved_at: approved_at.map(Timestamp::from_micros),
            suspension_reason: None,
        }
    }

    #[test]
    fn every_transition_has_one_outcome_or_is_refused_with_what_is_allowed() {
        use OrganisationState::{Approved, Pending, Suspended};
        let after = |o: &Organisation, t| o.after(t).map_err(|e| e.code);
        let refused = Err(Code::InvalidState);
        let all = [Transition::Approve, Transition::Suspend, Transition::Restore];
        for (before, outcomes) in [
            (organisation(Pending, None), [Ok(Approved), Ok(Suspended), refused]),
            (organisation(Approved, Some(1)), [refused, Ok(Suspended), refused]),
            (organisation(Suspended, Some(1)), [refused, refused, Ok(Approved)]),
            (organisation(Suspended, None), [refused, refused, Ok(Pending)]),
        ] {
            assert_eq!(all.map(|t| after(&before, t)), outcomes, "{before:?}");
        }
    }

    #[test]
    fn names_that_look_alike_have_the_same_skeleton() {
        let skeleton = |name: &str| OrganisationName::parse(name).expect(name).skeleton();
        for (real, other) in [
            ("Paypal", "Раураl"),
            ("Acme Labs", "ACME-LABS"),
            ("Café Noir", "Cafe\u{301} Noir"),
            ("Illumina", "lllurnina"),
            ("Zero One", "Zer0 0ne"),
            ("Acme", "Ａｃｍｅ"),
        ] {
            assert_eq!(skeleton(real), skeleton(other), "{real} {other}");
        }
        assert_ne!(skeleton("Acme Labs"), skeleton("Acme Lab"));
        assert_ne!(skeleton("东方"), skeleton("西方"));
    }

    #[test]
    fn a_name_is_nfc_and_has_a_letter_or_a_digit() {
        assert_eq!(OrganisationName::parse(" Cafe\u{301} ").map(|n| n.0).ok(), Some("Café".to_owned()));
        for name in ["", "  ", "!!!", "a\u{202E}b", "a\u{200B}b", "a\nb"] {
            assert!(OrganisationName::parse(name).is_err(), "{name:?}");
        }
        assert_eq!(fold("  Ünïted   STATES "), "united states");
    }

    #[test]
    fn a_website_is_a_plain_web_address() {
        for text in ["https://acme.example", "http://a-b.example:8080/x?y=z#q"] {
            assert!(Website::parse(text).is_ok(), "{text}");
        }
        for text in [
            "javascript:alert(1)",
            "https://",
            "https://user@acme.example",
            "https://acme",
            "https://a..example",
            "https://acme.example:99999/",
            "https://acme.example/ x",
            "https://acmé.example",
            "ftp://acme.example",
        ] {
            assert!(Website::parse(text).is_err(), "{text}");
        }
    }
}
