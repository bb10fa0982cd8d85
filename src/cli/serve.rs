//! `springboard serve`.
//!
//! Invariant: the address is printed once the service answers there. Read next: [`crate::startup`].

use super::Failure;
use crate::config::Settings;
use crate::db::Target;
use crate::kernel::time::Clock;
use crate::notices::Transport;
use crate::startup::Application;

/// Serves until a signal comes.
pub fn run(target: &Target, settings: Settings) -> Result<(), Failure> {
    Transport::new(&settings).map_err(|e| Failure::Configuration(e.detail))?;
    actix_web::rt::System::new().block_on(async {
        let application = Application::build(target, settings, Clock::System)?;
        let listening = |address| {
            println!("listening on http://{address}");
            println!("API documentation at http://{address}/docs/");
        };
        Ok(application.run(listening).await?)
    })
}
