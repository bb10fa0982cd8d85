//! What a startup states, as bits of one byte.
//!
//! Invariant: the same bits are written by the columns and read by the tables.
//! Read next: [`super::block`], [`super::compile`].

/// What is known of language and contacts: the low three bits say of contacts 0 unknown, 1 none, 2 to 4 the strongest
/// plus one; then whether there is an interpreter, and whether languages are stated.
pub mod contacts {
    use super::super::super::compiled::StartupRow;

    /// The bit of an interpreter.
    pub const INTERPRETER: u8 = 1 << 3;
    /// The bit of stated languages.
    pub const SPEAKS: u8 = 1 << 4;

    /// The byte of a startup.
    pub fn code(row: &StartupRow<'_>, strongest: u8) -> u8 {
        let contacts = match row.organisations {
            None => 0,
            Some(none) if none.is_empty() => 1,
            Some(_) => 1 + strongest.max(1),
        };
        let stated = [(INTERPRETER, row.interpreter), (SPEAKS, row.languages.is_some())];
        stated.into_iter().filter(|(_, is)| *is).fold(contacts, |code, (bit, _)| code | bit)
    }
}

/// Which fields are stated, one bit each.
pub mod known {
    use super::super::super::compiled::StartupRow;

    /// Tags.
    pub const TAGS: u8 = 1;
    /// References.
    pub const REFERENCES: u8 = 1 << 1;
    /// Backers.
    pub const BACKERS: u8 = 1 << 2;
    /// Forms of cooperation.
    pub const MODELS: u8 = 1 << 3;
    /// Needs, at least one.
    pub const NEEDS: u8 = 1 << 4;
    /// Types of investor.
    pub const TYPES: u8 = 1 << 5;
    /// Targets, at least one.
    pub const TARGETS: u8 = 1 << 6;
    /// The city.
    pub const CITY: u8 = 1 << 7;

    /// The byte of a startup.
    pub fn code(row: &StartupRow<'_>) -> u8 {
        let stated = [
            (TAGS, row.tags.is_some()),
            (REFERENCES, row.references_known),
            (BACKERS, row.backers.is_some()),
            (MODELS, row.models.is_some()),
            (NEEDS, row.needs.is_some_and(|needs| !needs.is_empty())),
            (TYPES, row.types.is_some()),
            (TARGETS, row.targets.is_some_and(|targets| !targets.is_empty())),
            (CITY, row.place.is_some()),
        ];
        stated.into_iter().filter(|(_, stated)| *stated).fold(0, |code, (bit, _)| code | bit)
    }
}
