//! Publishing, withdrawing and confirming a profile, and reminding of the next confirmation.
//!
//! Invariant: what is published has what publishing needs; only a person says that facts still hold.
//! Read next: [`super::claim`].

use super::common::Facts;
use super::kind::{Investors, Kind, Startups};
use super::model::{Profile, State, days_between, known, remind_up_to, stale_at};
use super::revise::reload;
use super::store;
use crate::accounts::memberships::stewards;
use crate::db::Conn;
use crate::events::{self, Act, Event, Subject, emit};
use crate::identity::{Acting, OrganisationState};
use crate::kernel::error::{Code, Error, FieldError, Result};

/// Demands everything that publishing needs, and names what is missing.
pub fn demand_complete<F: Facts>(facts: &F) -> Result<()> {
    let known = known(facts);
    let missing: Vec<&str> =
        F::NEEDED.iter().copied().filter(|name| !known.iter().any(|k| k == name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let fault = |name: &&str| FieldError::at(format!("/{name}"), "required", "publishing needs it");
    let fields = missing.iter().map(fault).collect();
    let detail = format!("publishing needs what is missing: {}", missing.join(", "));
    Err(Error { fields, ..Error::new(Code::ProfileIncomplete, detail) })
}

fn say<K: Kind>(profile: &Profile<K>, kind: events::Kind, state: State) -> Event {
    let event = Event::new(kind, Subject::new(profile.id, profile.number));
    event.with("revision", profile.revision).with("state", state.as_str())
}

/// Publishes a draft or a withdrawn profile. Its owner's act of publishing confirms the facts.
pub fn publish<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    verified: bool,
    profile: &Profile<K>,
) -> Result<Profile<K>> {
    if profile.state == State::Published {
        let allowed = [State::Draft.as_str(), State::Withdrawn.as_str()];
        return Err(Error::state(profile.state.as_str(), &allowed, "it is published already"));
    }
    if !verified {
        return Err(Error::new(Code::EmailNotVerified, "confirm your e-mail address before you publish"));
    }
    if profile.organisation_state != OrganisationState::Approved {
        return Err(Error::new(
            Code::ApprovalPending,
            "the organisation has to be approved before it publishes",
        ));
    }
    demand_complete(&profile.facts)?;
    store::set_state(conn, profile.number, State::Published, act.at)?;
    if !profile.claimable {
        store::set_confirmed(conn, profile.number, act.at)?;
    }
    let event = say(profile, K::EVENTS.published, State::Published);
    emit(conn, &act.on_behalf_of(acting.organisation), event)?;
    reload(conn, profile)
}

fn demand_published<K: Kind>(profile: &Profile<K>) -> Result<()> {
    if profile.state == State::Published {
        return Ok(());
    }
    Err(Error::state(profile.state.as_str(), &[State::Published.as_str()], "it is not published"))
}

/// Withdraws a published profile: from now on only its organisation sees it.
pub fn withdraw<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    profile: &Profile<K>,
) -> Result<Profile<K>> {
    demand_published(profile)?;
    store::set_state(conn, profile.number, State::Withdrawn, act.at)?;
    let event = say(profile, K::EVENTS.withdrawn, State::Withdrawn);
    emit(conn, &act.on_behalf_of(acting.organisation), event)?;
    reload(conn, profile)
}

/// Notes that a person of the organisation says that the facts hold.
pub fn confirm<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    acting: &Acting,
    profile: &Profile<K>,
) -> Result<Profile<K>> {
    store::set_confirmed(conn, profile.number, act.at)?;
    let event = say(profile, K::EVENTS.confirmed, profile.state);
    emit(conn, &act.on_behalf_of(acting.organisation), event)?;
    reload(conn, profile)
}

/// How many profiles of a kind one step of the job reminds of.
const BATCH: i64 = 500;

/// Says in the log which published profiles are about to become stale, once for each confirmation and each owner and
/// editor, who get a mail of it; returns how many profiles.
pub fn remind_stale(conn: &mut Conn, act: &Act) -> Result<usize> {
    Ok(remind::<Startups>(conn, act)? + remind::<Investors>(conn, act)?)
}

fn remind<K: Kind>(conn: &mut Conn, act: &Act) -> Result<usize> {
    let due = store::to_remind::<K>(conn, remind_up_to(act.at), BATCH)?;
    for profile in store::load::<K>(conn, &due)? {
        let Some(confirmed) = profile.confirmed_at else { continue };
        store::set_reminded(conn, profile.number, act.at)?;
        let days = days_between(act.at, stale_at(confirmed)).max(0);
        let subject = Subject::new(profile.id, profile.number);
        let event = Event::new(events::Kind::ProfileRenewalReminded, subject).with("kind", K::WORD);
        let event = event.with("days_left", days);
        // A mail belongs to an event, so there is one event for each who is written to.
        for person in stewards(conn, profile.organisation_number)? {
            let event = event.clone().with("to", person.to_string());
            emit(conn, &act.on_behalf_of(profile.organisation), event)?;
        }
    }
    Ok(due.len())
}
