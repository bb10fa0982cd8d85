//! The parts of a running service, each built once, shared by handlers and jobs.
//!
//! Invariant: a feature's handlers take their own part as `web::Data`; nobody outside the program holds all of them.
//! Read next: [`super::startup`], which builds them.

use super::config::Settings;
use crate::accounts::{self, MailTokens, organisations::Approval, passwords::Passwords};
use crate::db::Db;
use crate::events::Act;
use crate::http::{Edge, Lifecycle, Limits, meter::Requests, operations::Operations, validate};
use crate::identity::{Keys, secrets};
use crate::kernel::{
    error::{Code, Error, Result},
    page::CursorKey,
    time::{Clock, Timestamp},
};
use crate::matching::Replica;
use crate::notices::Notices;
use crate::profiles;
use crate::reference::{self, Catalogue};
use actix_web::web::{Data, ServiceConfig};
use serde_json::Value;
use std::sync::Arc;

/// The parts of a running service; a copy shares them.
#[derive(Clone)]
pub struct Parts {
    /// The parts that every request needs.
    pub edge: Data<Edge>,
    /// The settings.
    pub settings: Settings,
    /// The shipped reference data.
    pub catalogue: Data<Catalogue>,
    /// Password hashing in turns, the rules for passwords, and the counters of failures.
    pub passwords: Data<Passwords>,
    /// The maker of the tokens in mails.
    pub mail_tokens: Data<MailTokens>,
    /// The snapshot that match queries read.
    pub replica: Data<Replica>,
    /// The mails.
    pub notices: Data<Notices>,
}

impl Parts {
    /// Builds every part; secrets and keys that are missing in the database are made.
    ///
    /// # Errors
    /// A refusal of the database, or of a setting.
    pub fn new(db: Db, settings: Settings, clock: Clock, document: &Value) -> Result<Self> {
        let now = clock.now();
        let catalogue = reference(&db, now)?;
        let mail_tokens = MailTokens::load(&db)?;
        let notices = Notices::new(db.clone(), mail_tokens.clone(), &settings.mail())?;
        Ok(Self {
            replica: Data::new(Replica::new(Arc::clone(&catalogue))),
            catalogue: Data::from(catalogue),
            passwords: Data::new(Passwords::new(settings.argon2_memory)?),
            mail_tokens: Data::new(mail_tokens),
            notices: Data::new(notices),
            edge: Data::new(edge(db, clock, &settings, document)?),
            settings,
        })
    }

    /// Registers the state of each feature, so that its handlers can name it.
    pub fn register(&self, config: &mut ServiceConfig) {
        config.app_data(self.edge.clone());
        config.app_data(self.catalogue.clone());
        config.app_data(self.passwords.clone()).app_data(self.mail_tokens.clone());
        config.app_data(Data::new(self.approval()));
        config.app_data(self.replica.clone());
    }

    fn approval(&self) -> Approval {
        let Settings { approve_organisations, demo, .. } = self.settings;
        if approve_organisations || demo { Approval::AtOnce } else { Approval::ByApprover }
    }
}

fn edge(db: Db, clock: Clock, settings: &Settings, document: &Value) -> Result<Edge> {
    Ok(Edge {
        keys: Arc::new(Keys::load(&db, settings.public_url.as_deref(), clock.now())?),
        cursors: CursorKey::new(db.write_now(|conn| secrets::shared(conn, "cursor_key"))?),
        operations: Operations::new(document),
        validators: Arc::new(validate::Validators::new(document, formats())),
        limits: Limits { body: settings.body_limit },
        requests: Requests::default(),
        lifecycle: Lifecycle::default(),
        db,
        clock,
    })
}

/// The shipped reference data; what an operator may change is put into an empty database.
pub fn reference(db: &Db, now: Timestamp) -> Result<Arc<Catalogue>> {
    let catalogue = Arc::new(Catalogue::shipped().map_err(Error::internal)?);
    let (shipped, act) = (catalogue.clone(), Act::system(now, "start"));
    match db.write_now(move |conn| reference::seed(conn, &act, &shipped)) {
        Err(e) if e.code == Code::Conflict => tracing::info!("another node seeded the reference data"),
        other => other?,
    }
    Ok(catalogue)
}

/// The formats that the schemas of request bodies use.
fn formats() -> validate::Formats {
    let mut formats = validate::Formats::default();
    formats.add("email", "an e-mail address", |text| accounts::Email::parse(text).is_some());
    for (name, what, check) in profiles::FORMATS {
        formats.add(name, what, check);
    }
    formats
}
