//! The kinds of events, who acts, and what an event says.
//!
//! Invariant: the words of a kind never change once released; an event carries ids, states and the names of changed
//! fields, never personal data. Read next: [`super::store::emit`].

use crate::kernel::{
    ids::{OrganisationId, PersonId},
    time::Timestamp,
};
use serde_json::{Map, Value};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $name:ident => $word:literal;)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind { $($(#[doc = $doc])* $name,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];

            /// The word of this kind in the log and on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Kind::$name => $word,)* }
            }

            /// The kind of a word of the log.
            pub fn parse(word: &str) -> Option<Kind> {
                Self::ALL.iter().copied().find(|k| k.as_str() == word)
            }
        }
    };
}

kinds! {
    /// Somebody signed up.
    PersonSignedUp => "person.signed_up";
    /// Somebody signed up with an address that is known.
    PersonSignedUpAgain => "person.signed_up_again";
    /// Somebody asked for a new password.
    PersonResetRequested => "person.reset_requested";
    /// Somebody changed what they are called.
    PersonRevised => "person.revised";
    /// Somebody confirmed an e-mail address.
    PersonVerified => "person.verified";
    /// Somebody changed or reset the password.
    PersonPasswordChanged => "person.password_changed";
    /// Somebody was made a platform admin, or is one no more.
    PersonAdminChanged => "person.admin_changed";
    /// Somebody was suspended.
    PersonSuspended => "person.suspended";
    /// Somebody was let in again.
    PersonRestored => "person.restored";
    /// Somebody signed in.
    SessionOpened => "session.opened";
    /// A session ended.
    SessionClosed => "session.closed";
    /// A used refresh token came back; the whole session family was ended.
    SessionReuseDetected => "session.reuse_detected";
    /// A signing key was made, put to use or retired.
    SigningKeyRotated => "signing_key.rotated";
    /// An organisation was registered.
    OrganisationRegistered => "organisation.registered";
    /// An organisation's own data changed.
    OrganisationRevised => "organisation.revised";
    /// An organisation was approved.
    OrganisationApproved => "organisation.approved";
    /// An organisation was suspended.
    OrganisationSuspended => "organisation.suspended";
    /// The suspension of an organisation ended.
    OrganisationRestored => "organisation.restored";
    /// Somebody became a member, or got another role.
    MembershipChanged => "membership.changed";
    /// Somebody is no member any more.
    MembershipEnded => "membership.ended";
    /// Somebody was invited.
    InvitationSent => "invitation.sent";
    /// An invitation was withdrawn.
    InvitationWithdrawn => "invitation.withdrawn";
    /// A corridor got a new revision.
    CorridorRevised => "corridor.revised";
    /// Exchange rates were imported.
    RatesImported => "rates.imported";
    /// A startup was registered.
    StartupRegistered => "startup.registered";
    /// A startup's facts got a new revision.
    StartupRevised => "startup.revised";
    /// A startup was published.
    StartupPublished => "startup.published";
    /// A startup was withdrawn.
    StartupWithdrawn => "startup.withdrawn";
    /// A startup's contact changed.
    StartupContactChanged => "startup.contact_changed";
    /// A claim about a startup was verified, or its calibrated values were set, by somebody entitled.
    StartupAssessed => "startup.assessed";
    /// An investor was registered.
    InvestorRegistered => "investor.registered";
    /// An investor's thesis or other facts got a new revision.
    InvestorRevised => "investor.revised";
    /// An investor was published.
    InvestorPublished => "investor.published";
    /// An investor was withdrawn.
    InvestorWithdrawn => "investor.withdrawn";
    /// An investor's contact changed.
    InvestorContactChanged => "investor.contact_changed";
    /// Somebody confirmed that a startup's facts still hold.
    StartupConfirmed => "startup.confirmed";
    /// Somebody confirmed that an investor's facts still hold.
    InvestorConfirmed => "investor.confirmed";
    /// Somebody says that an imported profile is theirs.
    ProfileClaimRequested => "profile.claim_requested";
    /// The claim was not believed.
    ProfileClaimRefused => "profile.claim_refused";
    /// An imported profile went over to those whose it is.
    ProfileClaimed => "profile.claimed";
    /// A profile is about to become stale and its owner was reminded.
    ProfileRenewalReminded => "profile.renewal_reminded";
    /// New world tables were made.
    WorldRebuilt => "world.rebuilt";
    /// World tables were put to use.
    WorldActivated => "world.activated";
    /// A run that makes everybody's lists was asked for.
    RecommendationRunStarted => "recommendation_run.started";
    /// A run has made everybody's lists.
    RecommendationRunFinished => "recommendation_run.finished";
    /// A run ended without lists.
    RecommendationRunFailed => "recommendation_run.failed";
    /// A ranking was saved, or something refers to it.
    RankingSaved => "ranking.saved";
    /// A saved ranking was deleted.
    RankingDeleted => "ranking.deleted";
    /// The demo world was loaded.
    DemoLoaded => "demo.loaded";
}

/// The highest revision of an act, shared by its copies; 0 before the first event.
#[derive(Clone, Debug, Default)]
struct Emitted(Arc<AtomicI64>);

/// Who acts, on whose behalf, when and under which request.
#[derive(Clone, Debug)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// Who; nobody for the service itself and for visitors.
    pub person: Option<PersonId>,
    /// On whose behalf.
    pub organisation: Option<OrganisationId>,
    /// The request id, or the name of the command or job.
    pub request: String,
    emitted: Emitted,
}

impl Act {
    /// Somebody, or nobody, acting under a request.
    pub fn of(at: Timestamp, person: Option<PersonId>, request: String) -> Self {
        Self { at, person, organisation: None, request, emitted: Emitted::default() }
    }

    /// The service itself acting, as a command or a job.
    pub fn system(at: Timestamp, command: &str) -> Self {
        Self::of(at, None, command.to_owned())
    }

    /// The revision of the last event that was emitted under this act or a copy of it, if there is one.
    pub fn emitted(&self) -> Option<i64> {
        Some(self.emitted.0.load(Ordering::Relaxed)).filter(|revision| *revision > 0)
    }

    pub(super) fn note(&self, revision: i64) {
        self.emitted.0.fetch_max(revision, Ordering::Relaxed);
    }

    /// The same act, by somebody who has just proved who they are.
    #[must_use]
    pub fn by(&self, person: PersonId) -> Self {
        Self { person: Some(person), ..self.clone() }
    }

    /// The same act on behalf of an organisation.
    #[must_use]
    pub fn on_behalf_of(&self, organisation: OrganisationId) -> Self {
        Self { organisation: Some(organisation), ..self.clone() }
    }
}

/// What an event is about: the public id, and the permanent number behind it.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The public id.
    pub id: String,
    /// The permanent number; 0 where there is none.
    pub number: i64,
}

impl Subject {
    /// A subject with a permanent number.
    pub fn new(id: impl ToString, number: i64) -> Self {
        Self { id: id.to_string(), number }
    }
}

/// One thing that happened, before it has a revision.
#[derive(Clone, Debug)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// To what.
    pub subject: Subject,
    /// Ids, states and names of changed fields.
    pub data: Map<String, Value>,
}

impl Event {
    /// An event without further data.
    pub fn new(kind: Kind, subject: Subject) -> Self {
        Self { kind, subject, data: Map::new() }
    }

    /// The same event with one more datum.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.data.insert(name.to_owned(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_has_its_own_word_and_is_found_by_it() {
        let words: HashSet<_> = Kind::ALL.iter().map(|k| k.as_str()).collect();
        assert_eq!(words.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|k| Kind::parse(k.as_str()) == Some(*k)));
        assert_eq!(Kind::parse("startup.exploded"), None);
    }
}
