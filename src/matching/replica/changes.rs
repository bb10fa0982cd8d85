//! The effect of log entries on the replica: which profiles to read again, and whether the ranking is another one.
//!
//! Invariant: an entry that changes nothing of what is ranked, as a sign-in or the revision of a draft, asks for no new page;
//! nodes that read the same entries in other portions disagree at most about a late one, and only until the next one.
//! Read next: [`super::follow`].

use super::rebuild::{Extent, RebuildRequest};
use crate::events::{Entry, Kind};
use crate::kernel::ids::{InvestorId, StartupId};
use std::collections::BTreeSet;

/// The profiles and organisations that are to be read again.
#[derive(Default)]
pub(super) struct Due {
    pub startups: BTreeSet<i64>,
    pub investors: BTreeSet<i64>,
    pub organisations: BTreeSet<i64>,
    /// The rebuild that what touches every profile asks for.
    pub rebuild: RebuildRequest,
}

/// The subject of an event, as far as a ranking goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// A profile that came into the world as a draft.
    Draft,
    /// Facts of a profile, which nobody else sees while it takes no part.
    Facts,
    /// Part of a profile: taken or left, or the profile has another owner.
    Part,
    Organisation,
    World,
    Everything,
}

/// The profile that an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Startup(i64),
    Investor(i64),
}

fn which(entry: &Entry) -> Option<Which> {
    let number = entry.subject_number;
    if entry.subject.parse::<StartupId>().is_ok() {
        return Some(Which::Startup(number));
    }
    entry.subject.parse::<InvestorId>().is_ok().then_some(Which::Investor(number))
}

fn about(kind: Kind) -> Option<About> {
    use Kind as K;
    Some(match kind {
        K::StartupRegistered | K::InvestorRegistered => About::Draft,
        K::StartupRevised
        | K::StartupConfirmed
        | K::StartupAssessed
        | K::InvestorRevised
        | K::InvestorConfirmed => About::Facts,
        K::StartupPublished
        | K::StartupWithdrawn
        | K::InvestorPublished
        | K::InvestorWithdrawn
        | K::ProfileClaimed => About::Part,
        K::OrganisationApproved | K::OrganisationSuspended | K::OrganisationRestored => About::Organisation,
        K::CorridorRevised | K::WorldActivated => About::World,
        K::RatesImported => About::Everything,
        _ => return None,
    })
}

/// The kinds of events after which a ranking may be another one.
pub(super) fn kinds() -> Vec<Kind> {
    let ranked = |kind: &Kind| about(*kind).is_some_and(|about| about != About::Draft);
    Kind::ALL.iter().copied().filter(ranked).collect()
}

/// The kinds of events that touch every profile.
pub(super) fn of_all() -> Vec<Kind> {
    let touches_all = |kind: &Kind| matches!(about(*kind), Some(About::World | About::Everything));
    Kind::ALL.iter().copied().filter(touches_all).collect()
}

/// The last of these revisions after which the ranking is another one, by which profiles take part.
pub(super) fn last_change<'e>(
    entries: impl IntoIterator<Item = &'e Entry>,
    takes_part: impl Fn(Which) -> bool,
) -> Option<i64> {
    let changes = |entry: &&Entry| match Kind::parse(&entry.kind).and_then(about) {
        None | Some(About::Draft) => false,
        Some(About::Facts) => which(entry).is_some_and(&takes_part),
        Some(_) => true,
    };
    entries.into_iter().filter(changes).map(|entry| entry.revision).max()
}

impl Due {
    /// Adds what an entry asks for.
    pub(super) fn note(&mut self, entry: &Entry) {
        match Kind::parse(&entry.kind).and_then(about) {
            Some(About::Draft | About::Facts | About::Part) => self.note_profile(entry),
            Some(About::Organisation) => drop(self.organisations.insert(entry.subject_number)),
            Some(About::World) => self.rebuild.add(Some(Extent::World), [entry.revision]),
            Some(About::Everything) => self.rebuild.add(Some(Extent::Everything), [entry.revision]),
            None => {}
        }
    }

    fn note_profile(&mut self, entry: &Entry) {
        match which(entry) {
            Some(Which::Startup(number)) => drop(self.startups.insert(number)),
            Some(Which::Investor(number)) => drop(self.investors.insert(number)),
            None => self.rebuild.add(Some(Extent::Everything), [entry.revision]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Timestamp;

    fn entry(revision: i64, kind: Kind, subject: impl ToString, subject_number: i64) -> Entry {
        Entry {
            revision,
            id: String::new(),
            at: 0,
            kind: kind.as_str().to_owned(),
            subject: subject.to_string(),
            subject_number,
            person: None,
            organisation: None,
            request: String::new(),
            data: String::new(),
        }
    }

    #[test]
    fn a_claim_asks_for_the_one_profile_it_is_about() {
        let at = Timestamp::from_micros(0);
        let mut due = Due::default();
        due.note(&entry(1, Kind::ProfileClaimed, StartupId::new(at), 7));
        due.note(&entry(2, Kind::ProfileClaimed, InvestorId::new(at), 8));
        due.note(&entry(3, Kind::SessionOpened, "", 9));
        assert_eq!((due.startups, due.investors), ([7].into(), [8].into()));
        assert!(due.rebuild.extent.is_none() && due.organisations.is_empty());
    }

    #[test]
    fn what_touches_every_profile_is_remembered_with_its_revision() {
        let mut due = Due::default();
        due.note(&entry(3, Kind::CorridorRevised, "RU-CN", 0));
        assert_eq!(due.rebuild.extent, Some(Extent::World));
        due.note(&entry(5, Kind::RatesImported, "rates", 0));
        due.note(&entry(6, Kind::WorldActivated, "", 1));
        assert_eq!((due.rebuild.extent, due.rebuild.revisions), (Some(Extent::Everything), [3, 5, 6].into()));
    }

    #[test]
    fn the_ranking_moves_with_those_who_take_part_and_with_nobody_else() {
        let id = StartupId::new(Timestamp::from_micros(0));
        let log = [
            entry(1, Kind::StartupPublished, id, 7),
            entry(2, Kind::StartupRevised, id, 7),
            entry(3, Kind::StartupRegistered, id, 8),
            entry(4, Kind::StartupRevised, id, 8),
            entry(5, Kind::SessionOpened, "", 9),
        ];
        let last = |part: &[i64]| last_change(&log, |one| part.iter().any(|n| one == Which::Startup(*n)));
        assert_eq!((last(&[7]), last(&[]), last(&[7, 8])), (Some(2), Some(1), Some(4)));
        assert_eq!(last_change(&log[2..], |one| one == Which::Investor(8)), None);
    }
}
