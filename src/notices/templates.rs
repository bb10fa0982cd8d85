//! The texts of all mails.
//!
//! Invariant: short lines, and plain ASCII but for names; what somebody typed is in a text as a [`name`] only, which is no
//! link and no line of its own. What a text says of others comes out of a [`Shown`]; all else is the operator's or [`Own`].
//! Read next: [`super::compose`].

use crate::identity::Role;
use crate::kernel::{
    error::Result,
    ids::OrganisationId,
    shown::Shown,
    visibility::{Class, Document::Invitation, Visible},
};
use serde::Serialize;

/// Subject and text.
pub(super) type Text = (&'static str, String);

const REGARDS: &str = "\n-- \nSpringboard\n";

/// A text that is the addressee's own: a token made for that person, which tells nothing of others.
pub(super) struct Own(pub(super) String);

/// Asks somebody who signed up to confirm the address.
pub(super) fn confirm_address(url: &str, Own(token): &Own) -> Text {
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
pub(super) fn reset_password(url: &str, Own(token): &Own) -> Text {
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

/// What somebody typed as a name, in quotation marks: letters, digits, blanks and a few signs, so that no reader of mails
/// makes a link of it.
fn name(typed: &str) -> String {
    let harmless =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '&' | ',' | '(' | ')' | '+');
    let shown: String = typed.chars().map(|c| if harmless(c) { c } else { ' ' }).collect();
    let words: Vec<&str> = shown.split_whitespace().collect();
    format!("\"{}\"", words.join(" ").chars().take(80).collect::<String>().trim_end())
}

/// An invitation as the invited address is told of it.
#[derive(Serialize)]
pub(super) struct Invited {
    /// The organisation as the one who invites calls it.
    pub(super) organisation: String,
    /// Its id.
    pub(super) id: OrganisationId,
    /// Who invites, if they have a name.
    pub(super) by: Option<String>,
    /// What the invited person may do.
    pub(super) role: Role,
}

impl Visible for Invited {
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("organisation", Class::Granted(Invitation)),
        ("id", Class::Granted(Invitation)),
        ("by", Class::Granted(Invitation)),
        ("role", Class::Granted(Invitation)),
    ];
}

/// Invites somebody to an organisation; `None` where the addressee may not know of it.
pub(super) fn invitation(url: &str, invited: &Shown<Invited>, Own(token): &Own) -> Result<Option<Text>> {
    let fields = invited.fields()?;
    let said = |field: &str| fields.get(field).and_then(|value| value.as_str());
    let (Some(organisation), Some(id), Some(role)) =
        (said("organisation").map(name), said("id"), said("role"))
    else {
        return Ok(None);
    };
    let by = said("by").map_or_else(|| "an owner".to_owned(), name);
    let text = format!(
        "Hello,\n\n{by} of the organisation\n{organisation} ({id})\ninvites this address to become a member, as {role}, at\n{url}\n\n\
         To accept it, sign up or sign in with this address, and send this token\nwithin 14 days:\n\n    {token}\n\n\
         From a command line:\n\n\
         curl {url}/v1/invitations/acceptance -H 'content-type: application/json' \\\n  \
         -H 'authorization: Bearer <your access token>' \\\n  -d '{{\"token\":\"{token}\"}}'\n\n\
         If you do not know who it is, do nothing.\n{REGARDS}"
    );
    Ok(Some(("You are invited to an organisation", text)))
}

/// A profile that nobody has confirmed for long, which is named by its path only.
#[derive(Serialize)]
pub(super) struct Renewal {
    /// The path of the profile.
    pub(super) place: String,
    /// Days until it counts as out of date.
    pub(super) days_left: i64,
}

impl Visible for Renewal {
    const FIELDS: &'static [(&'static str, Class)] =
        &[("place", Class::Organisation), ("days_left", Class::Organisation)];
}

/// Reminds somebody of such a profile; `None` where the addressee does not look after it any more.
pub(super) fn renewal(url: &str, renewal: &Shown<Renewal>) -> Result<Option<Text>> {
    let fields = renewal.fields()?;
    let (Some(place), Some(days)) =
        (fields.get("place").and_then(|p| p.as_str()), fields.get("days_left").and_then(|d| d.as_i64()))
    else {
        return Ok(None);
    };
    let text = format!(
        "Hello,\n\nit is nearly a year since somebody confirmed that what this profile says\nstill holds:\n\n    \
         {url}{place}\n\nIt counts as out of date in {days} days. Read it, correct what has changed,\nand confirm it:\n\n\
         curl -X POST {url}{place}/confirmation \\\n  \
         -H 'authorization: Bearer <your access token>'\n{REGARDS}"
    );
    Ok(Some(("Confirm that your profile still holds", text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Timestamp;
    use crate::kernel::visibility::{Audience, Capability};

    #[test]
    fn a_text_is_ascii_in_lines_that_are_not_broken() {
        let token = Own("A".repeat(54));
        let url = "https://springboard.example";
        for (subject, text) in [
            confirm_address(url, &token),
            known_already(url),
            reset_password(url, &token),
            password_changed(url),
            invite(url, "Otter Optics", Some("Ann")),
            renewal(url, &stale(Audience::EVERYBODY.with(Capability::Owner))).expect("told").expect("a text"),
        ] {
            assert!(text.is_ascii() && subject.is_ascii());
            assert!(text.lines().all(|line| line.len() <= 100), "{text}");
            assert_eq!(text.contains("curl"), text.contains("/v1/"), "{subject}");
        }
    }

    fn stale(audience: Audience) -> Shown<Renewal> {
        let place = format!("/v1/startups/{}", OrganisationId::new(Timestamp::from_micros(0)));
        Shown::new(Renewal { place, days_left: 30 }, audience)
    }

    fn invited(organisation: &str, by: Option<&str>, audience: Audience) -> Shown<Invited> {
        let id = OrganisationId::new(Timestamp::from_micros(0));
        let (organisation, by) = (organisation.to_owned(), by.map(str::to_owned));
        Shown::new(Invited { organisation, id, by, role: Role::Viewer }, audience)
    }

    fn invite(url: &str, organisation: &str, by: Option<&str>) -> Text {
        let addressee = Audience::EVERYBODY.with(Capability::Granted(Invitation));
        let invited = invited(organisation, by, addressee);
        invitation(url, &invited, &Own("t".to_owned())).expect("told").expect("a text")
    }

    #[test]
    fn an_addressee_who_may_not_know_of_it_gets_no_text() {
        let member = Audience::EVERYBODY.with(Capability::Member);
        let invited = invited("Otter Optics", Some("Ann"), member);
        assert!(invitation("", &invited, &Own("t".to_owned())).expect("told").is_none());
        assert!(renewal("", &stale(member)).expect("told").is_none());
    }

    #[test]
    fn an_invitation_says_who_invites_and_no_name_becomes_a_link_or_a_line() {
        let (_, text) = invite("https://a.example", "Émile & Söhne", Some("李 Ann"));
        assert!(text.contains("\"李 Ann\" of the organisation\n\"Émile & Söhne\" (org_"), "{text}");
        let (_, text) = invite("https://a.example", "win.example/x\"\n\nclick http://b", None);
        assert!(
            text.contains("an owner of the organisation\n\"win example x click http b\" (org_"),
            "{text}"
        );
    }
}
