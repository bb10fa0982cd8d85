//! The texts of all mails.
//!
//! Invariant: plain ASCII in short lines, so that no transport re-encodes a token; nothing that somebody typed is in a
//! text. Read next: [`super::compose`].

use crate::accounts::Role;
use crate::kernel::ids::OrganisationId;

/// Subject and text.
pub(super) type Text = (&'static str, String);

const REGARDS: &str = "\n-- \nSpringboard\n";

/// Asks somebody who signed up to confirm the address.
pub(super) fn confirm_address(url: &str, token: &str) -> Text {
    let text = format!(
        "Hello,\n\nsomebody, probably you, signed up with this address at\n{url}\n\n\
         To confirm it, send this token within three days:\n\n    {token}\n\n\
         From a command line:\n\n\
         curl {url}/v1/email-verifications -H 'content-type: application/json' \\\n  -d '{{\"token\":\"{token}\"}}'\n\n\
         The password of that sign-up is in force from then on; every sign-up has a\n\
         token of its own. If it was not you, do nothing.\n{REGARDS}"
    );
    ("Confirm your e-mail address", text)
}

/// Tells somebody who signed up again that there is an account.
pub(super) fn known_already(url: &str) -> Text {
    let text = format!(
        "Hello,\n\nsomebody, probably you, signed up with this address at\n{url}\n\n\
         You have an account there already, and nothing was changed: sign in with\n\
         your password. If you forgot it, ask for a new one:\n\n\
         curl {url}/v1/password-resets -H 'content-type: application/json' \\\n  -d '{{\"email\":\"<your address>\"}}'\n\n\
         If it was not you, do nothing.\n{REGARDS}"
    );
    ("You already have an account", text)
}

/// Lets somebody set a new password.
pub(super) fn reset_password(url: &str, token: &str) -> Text {
    let text = format!(
        "Hello,\n\nsomebody, probably you, asked for a new password at\n{url}\n\n\
         To set one, send this token within half an hour:\n\n    {token}\n\n\
         From a command line:\n\n\
         curl {url}/v1/password-resets/confirm -H 'content-type: application/json' \\\n  \
         -d '{{\"token\":\"{token}\",\n       \"new_password\":\"<your new password>\"}}'\n\n\
         If it was not you, do nothing: your password stays as it is.\n{REGARDS}"
    );
    ("Set a new password", text)
}

/// Tells somebody that the password is another one now.
pub(super) fn password_changed(url: &str) -> Text {
    let text = format!(
        "Hello,\n\nyour password was changed at\n{url}\n\n\
         Your other sessions have ended. If it was not you, ask for a new password\n\
         at once and tell the people who run the service.\n{REGARDS}"
    );
    ("Your password was changed", text)
}

/// Invites somebody to an organisation, which is named by its id only: its name is what somebody typed.
pub(super) fn invitation(url: &str, organisation: OrganisationId, role: Role, token: &str) -> Text {
    let role = role.as_str();
    let text = format!(
        "Hello,\n\nan owner of the organisation {organisation}\ninvites this address to become a member, as {role}, at\n{url}\n\n\
         To accept it, sign up or sign in with this address, and send this token\nwithin 14 days:\n\n    {token}\n\n\
         From a command line:\n\n\
         curl {url}/v1/invitations/acceptance -H 'content-type: application/json' \\\n  \
         -H 'authorization: Bearer <your access token>' \\\n  -d '{{\"token\":\"{token}\"}}'\n\n\
         If you do not know who it is, do nothing.\n{REGARDS}"
    );
    ("You are invited to an organisation", text)
}

/// Reminds somebody of a profile that nobody has confirmed for long, which is named by its path only.
pub(super) fn renewal(url: &str, place: &str, days: i64) -> Text {
    let text = format!(
        "Hello,\n\nit is nearly a year since somebody confirmed that what this profile says\nstill holds:\n\n    \
         {url}{place}\n\nIt counts as out of date in {days} days. Read it, correct what has changed,\nand confirm it:\n\n\
         curl -X POST {url}{place}/confirmation \\\n  \
         -H 'authorization: Bearer <your access token>'\n{REGARDS}"
    );
    ("Confirm that your profile still holds", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Timestamp;

    #[test]
    fn a_text_is_ascii_in_lines_that_are_not_broken() {
        let token = "A".repeat(54);
        let url = "https://springboard.example";
        for (subject, text) in [
            confirm_address(url, &token),
            known_already(url),
            reset_password(url, &token),
            password_changed(url),
            renewal(url, &format!("/v1/startups/{}", OrganisationId::new(Timestamp::from_micros(0))), 30),
            invitation(url, OrganisationId::new(Timestamp::from_micros(0)), Role::Viewer, &token),
        ] {
            assert!(text.is_ascii() && subject.is_ascii());
            assert!(text.lines().all(|line| line.len() <= 100), "{text}");
            assert_eq!(text.contains("curl"), text.contains("/v1/"), "{subject}");
        }
    }
}
