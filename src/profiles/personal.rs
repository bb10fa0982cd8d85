//! Personal data of profiles: contacts.
//!
//! Invariant: a contact is what an organisation says of how to reach it, and stays with the organisation, whose members
//! change and remove it; it is a person's own where it names the person's own e-mail address, and is then exported and
//! erased with the person, as a whole. Facts and assessments are an organisation's statements and hold no contact data.
//! Read next: [`crate::db::PersonalData`].

use super::store::parts;
use crate::accounts::Email;
use crate::db::{Conn, DataSubject, Kept, PersonalData, PersonalTable};
use crate::kernel::{error::Result, time::Timestamp};
use serde_json::{Value, json};

/// Contacts of profiles.
pub struct Contacts;

/// The contacts that name the address of a person, with the numbers and ids of their profiles.
fn of(conn: &mut Conn, person: &DataSubject) -> Result<Vec<parts::ContactOf>> {
    let Some(address) = &person.address else { return Ok(Vec::new()) };
    let own = |found: &parts::ContactOf| {
        let email = found.contact.email.as_ref().and_then(|email| Email::parse(&email.to_string()));
        email.is_some_and(|email| email.folded() == address)
    };
    parts::contacts(conn, own)
}

impl PersonalData for Contacts {
    fn name(&self) -> &'static str {
        "contacts"
    }

    fn tables(&self) -> &'static [PersonalTable] {
        &[PersonalTable {
            name: "profile_contacts",
            columns: &["contact"],
            found_by: "contact",
            kept: Kept::WhileUsed,
            rule: "the organisation removes it, or erasure of the person whose address it names",
        }]
    }

    fn export(&self, conn: &mut Conn, person: &DataSubject) -> Result<Value> {
        let found = of(conn, person)?;
        Ok(found.iter().map(|found| json!({"profile": found.profile, "contact": found.contact})).collect())
    }

    fn erase(&self, conn: &mut Conn, person: &DataSubject, _: Timestamp) -> Result<()> {
        of(conn, person)?.iter().try_for_each(|found| parts::set_contact(conn, found.number, None))
    }
}
