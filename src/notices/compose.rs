//! Turns an event into a letter.
//!
//! Invariant: addresses and tokens are looked up now, not copied from the event; whoever is gone gets no letter, and what
//! a letter tells of others is [`Shown`] to its addressee.
//! Read next: [`super::templates`].

use super::templates::{self, Own};
use crate::accounts::{MailTokens, Purpose, invitations, memberships, organisation_by_id, people};
use crate::db::Conn;
use crate::events::{self, Entry, Kind};
use crate::identity::PersonState;
use crate::kernel::{
    error::Result,
    ids::{OrganisationId, PersonId},
    shown::Shown,
    time::Timestamp,
    visibility::{Audience, Capability},
};

/// A mail before it is sent.
#[derive(Clone)]
pub struct Letter {
    /// The id that two copies share.
    pub id: String,
    /// The name of the file when mails are files.
    pub file: String,
    /// When the event happened.
    pub at: Timestamp,
    /// The name of the addressee.
    pub name: Option<String>,
    /// The address.
    pub address: String,
    /// The subject.
    pub subject: &'static str,
    /// The text.
    pub text: String,
}

/// Whether an event calls for a mail.
pub(super) fn calls_for_mail(entry: &Entry) -> bool {
    match Kind::parse(&entry.kind) {
        Some(Kind::PersonSignedUp | Kind::PersonSignedUpAgain | Kind::PersonResetRequested) => {
            mail_row(entry).is_some()
        }
        Some(Kind::PersonPasswordChanged | Kind::InvitationSent | Kind::ProfileRenewalReminded) => true,
        _ => false,
    }
}

/// A datum of an event.
fn datum(entry: &Entry, name: &str) -> Option<serde_json::Value> {
    serde_json::from_str::<serde_json::Value>(&entry.data).ok()?.get(name).cloned()
}

/// The row of the token that the mail of an event carries.
fn mail_row(entry: &Entry) -> Option<i64> {
    datum(entry, "mail")?.as_i64()
}

/// The audience that a person is of a profile whose organisation an event names: an owner's as long as that person looks
/// after it.
fn steward(conn: &mut Conn, entry: &Entry, person: PersonId) -> Result<Audience> {
    let organisation = entry.organisation.as_deref().and_then(|id| id.parse::<OrganisationId>().ok());
    let organisation = organisation.map(|id| organisation_by_id(conn, id)).transpose()?.flatten();
    let Some(organisation) = organisation else { return Ok(Audience::EVERYBODY) };
    let still = memberships::stewards(conn, organisation.number)?.contains(&person);
    Ok(Audience::EVERYBODY.with_if(still, Capability::Owner))
}

/// Name, address, subject and text of a letter.
type Addressed = (Option<String>, String, templates::Text);

/// What composing needs besides the event.
pub(super) struct Composer<'a> {
    pub(super) tokens: &'a MailTokens,
    pub(super) public_url: Option<&'a String>,
}

impl Composer<'_> {
    /// The letter of an event, if there is still somebody to write to and something to say.
    pub(super) fn compose(&self, conn: &mut Conn, event: i64, now: Timestamp) -> Result<Option<Letter>> {
        let Some(entry) = events::after(conn, event - 1, 1)?.into_iter().find(|e| e.revision == event) else {
            return Ok(None);
        };
        let found = match Kind::parse(&entry.kind) {
            Some(Kind::InvitationSent) => self.invitation(conn, entry.subject_number, now)?,
            Some(Kind::ProfileRenewalReminded) => self.reminder(conn, &entry)?,
            _ => self.to_person(conn, &entry, now)?,
        };
        Ok(found.map(|(name, address, text)| Letter {
            file: format!("{event:012}-{}.eml", entry.kind),
            id: entry.id,
            at: Timestamp::from_micros(entry.at),
            name,
            address,
            subject: text.0,
            text: text.1,
        }))
    }

    fn to_person(&self, conn: &mut Conn, entry: &Entry, now: Timestamp) -> Result<Option<Addressed>> {
        let Some(text) = self.text(conn, entry, now)? else { return Ok(None) };
        let person = people::addressee(conn, entry.subject_number)?;
        Ok(person.map(|person| (person.name, person.email, text)))
    }

    /// The letter to somebody who looks after a profile that is about to become stale.
    fn reminder(&self, conn: &mut Conn, entry: &Entry) -> Result<Option<Addressed>> {
        let to = datum(entry, "to").and_then(|id| id.as_str()?.parse::<PersonId>().ok());
        let (Some(to), Some(kind)) = (to, datum(entry, "kind")) else { return Ok(None) };
        let awake = |person: &people::Person| person.state == PersonState::Active;
        let Some(person) = people::find(conn, to)?.filter(awake) else { return Ok(None) };
        let url = self.public_url.map_or("", String::as_str);
        let days = datum(entry, "days_left").and_then(|days| days.as_i64()).unwrap_or(0);
        let place = format!("/v1/{}s/{}", kind.as_str().unwrap_or_default(), entry.subject);
        let renewal = templates::Renewal { place, days_left: days };
        let text = templates::renewal(url, &Shown::new(renewal, steward(conn, entry, to)?))?;
        Ok(text.map(|text| (person.name, person.email, text)))
    }

    /// The letter to somebody who is invited, as long as there is something to accept.
    fn invitation(&self, conn: &mut Conn, number: i64, now: Timestamp) -> Result<Option<Addressed>> {
        let pending = |i: &invitations::Invitation| i.state(now) == invitations::InvitationState::Pending;
        let Some(invitation) = invitations::invitation(conn, number)?.filter(pending) else {
            return Ok(None);
        };
        let (addressee, Some(address)) = (invitation.addressee(), invitation.email) else { return Ok(None) };
        let url = self.public_url.map_or("", String::as_str);
        let token = self.tokens.token(Purpose::Invitation, number, invitation.created_at)?;
        let by = people::find(conn, invitation.invited_by)?.and_then(|person| person.name);
        let invited = templates::Invited {
            organisation: invitation.organisation_name,
            id: invitation.organisation,
            by,
            role: invitation.role,
        };
        let text = templates::invitation(url, &Shown::new(invited, addressee), &Own(token))?;
        Ok(text.map(|text| (None, address, text)))
    }

    fn text(&self, conn: &mut Conn, entry: &Entry, now: Timestamp) -> Result<Option<templates::Text>> {
        let url = self.public_url.map_or("", String::as_str);
        let kind = Kind::parse(&entry.kind);
        if kind == Some(Kind::PersonPasswordChanged) {
            return Ok(Some(templates::password_changed(url)));
        }
        let Some(row) = mail_row(entry) else { return Ok(None) };
        let mut token = |purpose| -> Result<Option<Own>> {
            let made = people::mailed_at(conn, row, purpose, now)?;
            made.map(|at| self.tokens.token(purpose, row, at).map(Own)).transpose()
        };
        Ok(match kind {
            Some(Kind::PersonSignedUp) => {
                token(Purpose::Verification)?.map(|t| templates::confirm_address(url, &t))
            }
            Some(Kind::PersonSignedUpAgain) => match token(Purpose::Verification)? {
                Some(t) => Some(templates::confirm_address(url, &t)),
                None => token(Purpose::Reminder)?.map(|_| templates::known_already(url)),
            },
            Some(Kind::PersonResetRequested) => {
                token(Purpose::Reset)?.map(|t| templates::reset_password(url, &t))
            }
            _ => None,
        })
    }
}
