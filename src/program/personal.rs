//! Personal data: every feature that holds some, once.
//!
//! Invariant: a table of `db/schema.rs` is claimed by one of these, or a test lists it with a reason as one without
//! personal data. Read next: the `personal.rs` of the feature that a line names.

use crate::accounts::Accounts;
use crate::db::PersonalData;
use crate::http::Replies;
use crate::identity::Sessions;
use crate::notices::Mails;
use crate::profiles::Contacts;

/// The holders of personal data, in the order in which they export and erase it.
pub fn holders() -> Vec<Box<dyn PersonalData>> {
    vec![Box::new(Sessions), Box::new(Replies), Box::new(Mails), Box::new(Contacts), Box::new(Accounts)]
}
