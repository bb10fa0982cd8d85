//! Who may see a field of the wire.
//!
//! Invariant: a field without a declared class cannot be sent (a test compares [`Visible::FIELDS`] with the schema), and what
//! opens a class is written in [`Audience::sees`] and nowhere else.
//! Read next: [`super::shown`], the one place where the classes are enforced, and `identity::audience`, where audiences are made.

/// The class of a wire field: which capabilities open it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Everybody.
    Public,
    /// Signed-in people of approved organisations.
    Members,
    /// The counterparty of an accepted introduction.
    Matched,
    /// Whoever was granted that document.
    Granted(Document),
    /// Those who judge it; sealed from the organisation that is judged and from the operator.
    Jurors,
    /// The organisation that owns it, and the operator.
    Organisation,
    /// Nobody; it never leaves the service.
    Nobody,
}

/// A document, or a group of fields, that is granted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Document {
    /// The record of an organisation's approval, for those who approve.
    Approval,
    /// An invitation to an organisation, for whoever holds the address that was invited.
    Invitation,
}

/// A relation of a viewer to one thing. None implies another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Membership in an approved organisation, whichever it is.
    Member,
    /// An accepted introduction to the organisation that owns the thing.
    Matched,
    /// A grant of one document of the thing.
    Granted(Document),
    /// A seat in the jury of the thing.
    Juror,
    /// The operation of the platform, or of that part of it.
    Operator,
    /// Membership in the organisation that owns the thing; of a person's account, being that person.
    Owner,
}

impl Document {
    /// The list of all documents.
    pub const ALL: [Self; 2] = [Self::Approval, Self::Invitation];
}

impl Capability {
    const fn bit(self) -> u32 {
        match self {
            Self::Member => 1,
            Self::Matched => 1 << 1,
            Self::Juror => 1 << 2,
            Self::Operator => 1 << 3,
            Self::Owner => 1 << 4,
            Self::Granted(document) => 1 << (5 + document as u8),
        }
    }
}

/// The set of capabilities that one viewer has towards one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audience(u32);

impl Audience {
    /// The empty set: what anybody is, signed in or not.
    pub const EVERYBODY: Self = Self(0);

    /// The set with one more capability.
    #[must_use]
    pub const fn with(self, capability: Capability) -> Self {
        Self(self.0 | capability.bit())
    }

    /// The set with one more capability where `held` says so.
    #[must_use]
    pub const fn with_if(self, held: bool, capability: Capability) -> Self {
        if held { self.with(capability) } else { self }
    }

    fn any<const N: usize>(self, of: [Capability; N]) -> bool {
        of.into_iter().any(|capability| self.0 & capability.bit() != 0)
    }

    /// The table of what opens a class: one of the capabilities in its row is enough. An owner sees of its own what members,
    /// counterparties and grantees see; an operator sees what the owner sees; what is sealed for a jury neither of them.
    pub fn sees(self, class: Class) -> bool {
        use Capability::{Granted, Juror, Matched, Member, Operator, Owner};
        match class {
            Class::Public => true,
            Class::Members => self.any([Member, Operator, Owner]),
            Class::Matched => self.any([Matched, Operator, Owner]),
            Class::Granted(document) => self.any([Granted(document), Operator, Owner]),
            Class::Jurors => self.any([Juror]),
            Class::Organisation => self.any([Operator, Owner]),
            Class::Nobody => false,
        }
    }

    /// The digit, 0 to 4, by which an ETag tells the representations of one version apart: 0 for everybody, 1 for members, 2
    /// for a counterparty, 3 for a grantee, 4 for owner and operator. It is no order, and clients cannot compare by it.
    ///
    /// Of two audiences of the same thing that see different fields, each needs a digit of its own: a thing with two documents,
    /// or one that is both granted and matched, needs further digits here and in the pattern of ETags.
    pub fn etag_digit(self) -> u8 {
        let granted = |document| self.sees(Class::Granted(document));
        match () {
            () if self.sees(Class::Organisation) => 4,
            () if Document::ALL.into_iter().any(granted) => 3,
            () if self.sees(Class::Matched) => 2,
            () if self.sees(Class::Members) => 1,
            () => 0,
        }
    }
}

/// A wire type that declares the class of each of its fields, in the order of the schema.
pub trait Visible {
    /// Field name and class, for every property of the schema.
    const FIELDS: &'static [(&'static str, Class)];
}

#[cfg(test)]
mod tests {
    use super::Capability::{Granted, Juror, Matched, Member, Operator, Owner};
    use super::*;

    const CAPABILITIES: [(&str, Capability); 7] = [
        ("member", Member),
        ("matched", Matched),
        ("granted-approval", Granted(Document::Approval)),
        ("granted-invitation", Granted(Document::Invitation)),
        ("juror", Juror),
        ("operator", Operator),
        ("owner", Owner),
    ];

    const CLASSES: [(&str, Class); 8] = [
        ("public", Class::Public),
        ("members", Class::Members),
        ("matched", Class::Matched),
        ("approval", Class::Granted(Document::Approval)),
        ("invitation", Class::Granted(Document::Invitation)),
        ("jurors", Class::Jurors),
        ("organisation", Class::Organisation),
        ("nobody", Class::Nobody),
    ];

    /// The rules once more, by capability instead of by class: the classes that each one opens on its own.
    const OPENS: &str = "
        nothing            public
        member             public members
        matched            public matched
        granted-approval   public approval
        granted-invitation public invitation
        juror              public jurors
        operator           public members matched approval invitation organisation
        owner              public members matched approval invitation organisation";

    fn opens(capability: &str) -> Vec<&'static str> {
        let mut lines = OPENS.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let line = lines.find(|words| words.first() == Some(&capability)).expect(capability);
        line[1..].to_vec()
    }

    fn audience(subset: usize) -> (Vec<&'static str>, Audience) {
        let held = CAPABILITIES.iter().enumerate().filter(|(n, _)| subset & (1 << n) != 0).map(|(_, c)| c);
        held.fold((vec!["nothing"], Audience::EVERYBODY), |(mut names, audience), (name, capability)| {
            names.push(name);
            (names, audience.with(*capability))
        })
    }

    #[test]
    fn every_set_sees_of_every_class_what_its_capabilities_open_each_on_its_own() {
        for subset in 0..1 << CAPABILITIES.len() {
            let (held, audience) = audience(subset);
            for (name, class) in CLASSES {
                let opened = held.iter().any(|capability| opens(capability).contains(&name));
                assert_eq!(audience.sees(class), opened, "{held:?} {name}");
            }
        }
    }

    #[test]
    fn more_capabilities_never_hide_a_field() {
        for subset in 0..1 << CAPABILITIES.len() {
            let (held, audience) = audience(subset);
            for ((more, capability), (name, class)) in
                CAPABILITIES.iter().flat_map(|c| CLASSES.iter().map(move |class| (c, class)))
            {
                let hidden = audience.sees(*class) && !audience.with(*capability).sees(*class);
                assert!(!hidden, "{more} hides {name} from {held:?}");
            }
        }
    }

    #[test]
    fn no_grant_opens_another_document_nor_what_matched_people_or_members_see() {
        for granted in Document::ALL {
            let grantee = Audience::EVERYBODY.with(Granted(granted));
            for other in Document::ALL {
                assert_eq!(grantee.sees(Class::Granted(other)), other == granted);
            }
            for class in [Class::Members, Class::Matched, Class::Jurors, Class::Organisation, Class::Nobody] {
                assert!(!grantee.with(Juror).sees(class) || class == Class::Jurors, "{class:?}");
            }
        }
        assert!(!Audience::EVERYBODY.with(Member).sees(Class::Matched));
        assert!(!Audience::EVERYBODY.with(Matched).sees(Class::Members));
    }

    #[test]
    fn an_audience_of_today_has_the_digit_that_its_etags_had() {
        let member = Audience::EVERYBODY.with(Member);
        let (owner, operator) = (Audience::EVERYBODY.with(Owner), member.with(Operator));
        let digits = [
            (Audience::EVERYBODY, 0),
            (member, 1),
            (member.with(Matched), 2),
            (member.with(Granted(Document::Approval)), 3),
            (owner, 4),
            (member.with(Owner), 4),
            (operator, 4),
            (operator.with(Granted(Document::Approval)), 4),
        ];
        for (audience, digit) in digits {
            assert_eq!(audience.etag_digit(), digit, "{audience:?}");
        }
        for (one, first) in digits {
            for (two, second) in digits {
                let alike = CLASSES.iter().all(|(_, class)| one.sees(*class) == two.sees(*class));
                assert_eq!(first == second, alike, "{one:?} {two:?}");
            }
        }
    }
}
