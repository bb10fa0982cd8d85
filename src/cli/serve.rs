//! `springboard serve`.
//!
//! Invariant: the address is printed once the service answers there. Read next: [`crate::program::startup`].

use super::{Failure, say::say, seed};
use crate::db::Target;
use crate::demo::{Demo, PASSWORD};
use crate::kernel::time::Clock;
use crate::notices::Transport;
use crate::program::config::Settings;
use crate::program::startup::Application;

/// Serves until a signal comes.
pub fn run(target: &Target, settings: Settings) -> Result<(), Failure> {
    Transport::new(&settings.mail()).map_err(|e| Failure::Configuration(e.detail))?;
    if settings.demo && !settings.demo_anywhere && !settings.listen.ip().is_loopback() {
        return Err(Failure::Configuration(format!(
            "--listen, SPRINGBOARD_LISTEN: everybody knows the logins of the demo world, its platform admin's too, and {} is \
             open to other machines; listen on 127.0.0.1, or say --demo-anywhere",
            settings.listen
        )));
    }
    actix_web::rt::System::new().block_on(async {
        let application = Application::build(target, settings, Clock::System)?;
        let (demo, metrics) = (application.demo.clone(), application.metrics);
        let listening = move |address| {
            let base = format!("http://{address}");
            say!("listening on {base}");
            say!("API documentation at {base}/docs/");
            if let Some(address) = metrics {
                say!("metrics at http://{address}/metrics");
            }
            if let Some(demo) = &demo {
                if let Err(e) = seed::introduce(demo) {
                    tracing::warn!(error = %e, "the demo logins cannot be shown");
                }
                invite(&base, demo);
            }
        };
        Ok(application.run(listening).await?)
    })
}

/// Two lines to paste: sign in as the demo's investor, and read its list.
fn invite(base: &str, demo: &Demo) {
    say!("for example:");
    say!(
        r#"  TOKEN=$(curl -s {base}/v1/sessions -H 'Content-Type: application/json' -d '{{"email":"investor@demo.example","password":"{PASSWORD}"}}' | sed 's/.*"access_token":"\([^"]*\)".*/\1/')"#
    );
    let investor = demo.investor;
    say!(
        r#"  curl -s "{base}/v1/investors/{investor}/matches?limit=10&explain=summary" -H "Authorization: Bearer $TOKEN""#
    );
}
