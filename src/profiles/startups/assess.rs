//! Verifying a startup's references and setting its calibrated pitch.
//!
//! Invariant: nobody assesses a startup of an organisation that they belong to. Read next: [`super::assessment`].

use super::assessment::{Assessed, Assessment};
use crate::db::Conn;
use crate::events::{Act, Event, Kind, Subject, emit};
use crate::identity::{OrganisationKind, OrganisationState, Principal, Role};
use crate::kernel::{
    error::{Code, Error, FieldError, Result},
    ids::StartupId,
    visibility::Audience,
};
use crate::profiles::access::find;
use crate::profiles::common::Faults;
use crate::profiles::kind::Startups;
use crate::profiles::model::Profile;
use crate::profiles::revise::reload;
use crate::profiles::store::{self, parts};

/// A startup that the caller may assess, locked, and as whom they see it: for a platform admin, or an editor of an
/// organiser that may approve others.
pub fn assessable(conn: &mut Conn, by: &Principal, id: StartupId) -> Result<(Profile<Startups>, Audience)> {
    let (seen, audience) = find::<Startups>(conn, Some(by), id)?;
    demand_assessor(by, &seen)?;
    store::lock(conn, seen.number)?;
    Ok((reload(conn, &seen)?, audience))
}

fn demand_assessor(by: &Principal, profile: &Profile<Startups>) -> Result<()> {
    let organises = by.memberships.iter().any(|m| {
        let standing = m.state == OrganisationState::Approved && m.approver;
        standing && m.kind == OrganisationKind::Organiser && m.role >= Role::Editor
    });
    if !by.admin && !organises {
        return Err(Error::new(Code::Forbidden, "only admins and entitled organisers assess startups"));
    }
    if by.belongs_to(profile.organisation_number) {
        return Err(Error::new(Code::Forbidden, "nobody assesses a startup of their own organisation"));
    }
    Ok(())
}

/// Replaces the assessment of a startup; a pitch that is still to come is refused.
pub fn assess(
    conn: &mut Conn,
    act: &Act,
    profile: &Profile<Startups>,
    assessment: Assessment,
) -> Result<Profile<Startups>> {
    let mut faults = Faults::default();
    faults.past(assessment.pitch.as_ref().map(|pitch| pitch.on), act.at.day(), "/pitch/on");
    let faults = faults.into_vec();
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let assessed = Assessed::of(assessment, &profile.facts).map_err(|missing| {
        let field = |key: &_| {
            FieldError::at(
                "/verified_references",
                "reference_not_found",
                format!("the startup has no reference {key}"),
            )
        };
        let fields = missing.iter().map(field).collect();
        Error { fields, ..Error::new(Code::ReferenceNotFound, "the startup has no such reference") }
    })?;
    parts::set_assessment(conn, profile.number, &assessed)?;
    store::touch(conn, profile.number, act.at)?;
    let shown = assessed.shown();
    let keys: Vec<String> = shown.verified_references.iter().map(ToString::to_string).collect();
    let event = Event::new(Kind::StartupAssessed, Subject::new(profile.id, profile.number));
    emit(conn, act, event.with("verified_references", keys).with("pitch", shown.pitch.is_some()))?;
    reload(conn, profile)
}
