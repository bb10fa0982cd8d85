//! Claiming a profile that somebody else made.
//!
//! ```text
//! open ── approve ──> approved (the profile goes over; other open claims are refused)
//!      └─ refuse ───> refused
//! ```
//!
//! Invariant: a profile changes hands only by an approved claim, and only once. Read next: [`super::browse`].

use super::kind::{Investors, Kind, Startups};
use super::model::Profile;
use super::store::{self, claims};
use crate::accounts;
use crate::db::{Conn, violates};
use crate::events::{self, Act, Event, Subject, emit};
use crate::identity::{Acting, OrganisationState, Principal, Role};
use crate::kernel::{
    error::{Code, Error, Result},
    ids::{ClaimId, OrganisationId},
    time::Timestamp,
    visibility::Audience,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a claim stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClaimState {
    /// Nobody has decided.
    #[default]
    Open,
    /// The profile went over.
    Approved,
    /// It was not believed.
    Refused,
}

impl ClaimState {
    /// The word in the database and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Approved, Self::Refused].into_iter().find(|s| s.as_str() == word)
    }
}

/// Somebody's word that a profile is theirs.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The permanent number.
    pub number: i64,
    /// The public id.
    pub id: ClaimId,
    /// Where it stands.
    pub state: ClaimState,
    /// The permanent number of the profile.
    pub profile_number: i64,
    /// The permanent number of the organisation that has the profile.
    pub holder_number: i64,
    /// The permanent number of the organisation that claims.
    pub organisation_number: i64,
    /// The kind of the profile.
    pub kind: String,
    /// The public id of the profile.
    pub profile: String,
    /// The organisation that claims.
    pub organisation: OrganisationId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
}

/// Says that a profile belongs to the organisation that `acting` stands for.
pub fn claim<K: Kind>(conn: &mut Conn, act: &Act, acting: &Acting, profile: &Profile<K>) -> Result<Claim> {
    // Another claim may have been approved since the profile was read.
    demand_claimable(&locked::<K>(conn, profile.number)?)?;
    if acting.kind != Some(K::HOST) {
        let detail = format!("only an organisation of the kind {} can claim it", K::HOST.as_str());
        return Err(Error::field("/organisation", "wrong_kind", detail));
    }
    let id = ClaimId::new(act.at);
    claims::insert(conn, id, profile.number, acting.organisation_number, act.at).map_err(|e| {
        if violates(&e, "profile_claims", "organisation_id") || violates(&e, "profile_claims", "open") {
            Error::new(Code::Duplicate, "the organisation has claimed it already").because(e)
        } else {
            e
        }
    })?;
    let subject = Subject::new(profile.id, profile.number);
    let event = Event::new(events::Kind::ProfileClaimRequested, subject).with("claim", id.to_string());
    emit(conn, &act.on_behalf_of(acting.organisation), event)?;
    found(conn, id)
}

/// The profile as it stands, locked until the end of the transaction.
fn locked<K: Kind>(conn: &mut Conn, number: i64) -> Result<Profile<K>> {
    store::lock(conn, number)?;
    store::load::<K>(conn, &[number])?.pop().ok_or_else(Error::not_found)
}

fn demand_claimable<K: Kind>(profile: &Profile<K>) -> Result<()> {
    if profile.claimable {
        return Ok(());
    }
    Err(Error::state("owned", &["claimable"], "the profile is in the hands of its owner"))
}

/// Demands that the organisation that claims takes part.
fn demand_approved(conn: &mut Conn, claim: &Claim) -> Result<()> {
    let organisation =
        accounts::organisation_by_id(conn, claim.organisation)?.ok_or_else(Error::not_found)?;
    if organisation.state == OrganisationState::Approved {
        return Ok(());
    }
    let detail = "the organisation that claims the profile is not approved";
    Err(Error::state(organisation.state.as_str(), &[OrganisationState::Approved.as_str()], detail))
}

fn found(conn: &mut Conn, id: ClaimId) -> Result<Claim> {
    claims::by_id(conn, id)?.ok_or_else(Error::not_found)
}

/// Claims in a state, for those who decide: platform admins all of them, everybody else those on profiles of
/// organisations that they own.
pub fn list(
    conn: &mut Conn,
    by: &Principal,
    state: ClaimState,
    after: i64,
    limit: usize,
) -> Result<Vec<Claim>> {
    let owned = by.memberships.iter().filter(|m| by.acting(m.organisation_number, Role::Owner).is_ok());
    let owned: Vec<i64> = owned.map(|m| m.organisation_number).collect();
    claims::list(conn, state, (!by.admin).then_some(&owned), after, limit)
}

/// The audience that somebody is of a claim: of the organisation that made it, or of the one that has the profile.
pub fn audience(by: &Principal, claim: &Claim) -> Audience {
    let claims = by.belongs_to(claim.organisation_number);
    by.towards(if claims { claim.organisation_number } else { claim.holder_number })
}

/// A claim, for those who decide and for the organisation that made it, and as whom the caller sees it.
pub fn read(conn: &mut Conn, by: &Principal, id: ClaimId) -> Result<(Claim, Audience)> {
    let claim = found(conn, id)?;
    if !by.admin && !by.belongs_to(claim.organisation_number) {
        by.acting(claim.holder_number, Role::Owner)?;
    }
    let audience = audience(by, &claim);
    Ok((claim, audience))
}

/// Decides an open claim: a platform admin, or an owner of the organisation that made the profile, who sees it as before.
pub fn decide(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    id: ClaimId,
    approve: bool,
) -> Result<(Claim, Audience)> {
    let claim = found(conn, id)?;
    if claim.kind == Startups::WORD {
        decide_on::<Startups>(conn, act, by, &claim, approve)?;
    } else {
        decide_on::<Investors>(conn, act, by, &claim, approve)?;
    }
    Ok((found(conn, id)?, audience(by, &claim)))
}

fn decide_on<K: Kind>(
    conn: &mut Conn,
    act: &Act,
    by: &Principal,
    claim: &Claim,
    approve: bool,
) -> Result<()> {
    let profile = locked::<K>(conn, claim.profile_number)?;
    if !by.admin && !by.belongs_to(claim.organisation_number) {
        by.acting(profile.organisation_number, Role::Owner)?;
    } else if !by.admin {
        return Err(Error::new(Code::Forbidden, "nobody decides their own claim"));
    }
    let state = found(conn, claim.id)?.state;
    if state != ClaimState::Open {
        return Err(Error::state(
            state.as_str(),
            &[ClaimState::Open.as_str()],
            "the claim was decided already",
        ));
    }
    if approve {
        demand_claimable(&profile)?;
        demand_approved(conn, claim)?;
    }
    let subject = Subject::new(profile.id, profile.number);
    let kind = if approve { events::Kind::ProfileClaimed } else { events::Kind::ProfileClaimRefused };
    let decision = if approve { ClaimState::Approved } else { ClaimState::Refused };
    claims::decide(conn, claim.number, decision, act.at)?;
    if approve {
        claims::refuse_open(conn, profile.number, act.at)?;
        store::set_owner(conn, profile.number, claim.organisation_number, act.at).map_err(|e| {
            if violates(&e, "profiles", "external_id") {
                Error::new(Code::Duplicate, "the organisation has a profile with the same external id")
                    .because(e)
            } else {
                e
            }
        })?;
    }
    let event = Event::new(kind, subject).with("claim", claim.id.to_string());
    emit(
        conn,
        &act.on_behalf_of(claim.organisation),
        event.with("organisation", claim.organisation.to_string()),
    )?;
    Ok(())
}
