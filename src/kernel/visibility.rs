//! Who may see a field of the wire.
//!
//! Invariant: a field without a declared class cannot be sent (a test compares [`Visible::FIELDS`] with the schema).
//! Read next: [`super::seen`], the one place where the classes are enforced.

/// The class of a wire field, from the widest circle to the narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Everybody.
    Public,
    /// Signed-in people of approved organisations.
    Members,
    /// The counterparty of an accepted introduction.
    Matched,
    /// Whoever was granted it by name.
    Granted,
    /// The organisation that owns it, and platform admins.
    Organisation,
    /// Nobody; it never leaves the service.
    Nobody,
}

/// The narrowest circle that a reader of one thing belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Anybody.
    Public,
    /// A signed-in person of an approved organisation.
    Members,
    /// The counterparty of an accepted introduction.
    Matched,
    /// Somebody who was granted it.
    Granted,
    /// The owning organisation, or a platform admin.
    Organisation,
}

impl Audience {
    /// Whether this reader may see a field of that class.
    pub fn sees(self, class: Class) -> bool {
        let circle = match class {
            Class::Public => Audience::Public,
            Class::Members => Audience::Members,
            Class::Matched => Audience::Matched,
            Class::Granted => Audience::Granted,
            Class::Organisation => Audience::Organisation,
            Class::Nobody => return false,
        };
        self >= circle
    }
}

/// A wire type that declares the class of each of its fields, in the order of the schema.
pub trait Visible {
    /// Field name and class, for every property of the schema.
    const FIELDS: &'static [(&'static str, Class)];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_nested_and_nobody_sees_nothing() {
        assert!(Audience::Organisation.sees(Class::Matched));
        assert!(Audience::Matched.sees(Class::Members));
        assert!(!Audience::Members.sees(Class::Matched));
        assert!(!Audience::Organisation.sees(Class::Nobody));
    }
}
