//! The tasks that a node repeats for profiles: reminders, and amounts at the rates of the day.
//!
//! Invariant: either task may run on several nodes at once; what one has done the other finds done.
//! Read next: [`super::publish`], [`mod@super::reprice`].

use super::{remind_stale, reprice};
use crate::db::Db;
use crate::events::Act;
use crate::jobs::{Every, Periodic};
use crate::kernel::time::Timestamp;
use crate::reference::Catalogue;
use std::{sync::Arc, time::Duration};

/// The pause between two reminders of profiles that nobody has confirmed for long.
const REMIND_EVERY: Duration = Duration::from_secs(3_600);

/// The tasks of this feature.
pub fn upkeep(db: &Db, catalogue: Arc<Catalogue>) -> Vec<Periodic> {
    let (reminding, repricing) = (db.clone(), db.clone());
    let remind = move |now: Timestamp| {
        let act = Act::system(now, "remind");
        let reminded = reminding.write_now(move |conn| remind_stale(conn, &act))?;
        if reminded > 0 {
            tracing::info!(reminded, "profiles are about to become stale; their owners are told");
        }
        Ok(())
    };
    // From today on another rate may hold.
    let convert = move |now: Timestamp| {
        let repriced = reprice(&repricing, &catalogue, now.day())?;
        if repriced > 0 {
            tracing::info!(repriced, "amounts of profiles were converted at the rates of today");
        }
        Ok(())
    };
    vec![
        Periodic::new("remind", Every::Span(REMIND_EVERY), remind),
        Periodic::new("reprice", Every::Day, convert),
    ]
}
