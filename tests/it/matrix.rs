//! The authorization matrix: every operation by every kind of caller.
//!
//! Invariant: an operation that is not in the table fails the test. Read next: `src/http/authority.rs`.

use springboard::http::openapi::document;
use std::collections::BTreeSet;

/// Operations that anybody may call.
const PUBLIC: &[&str] = &[
    "live",
    "ready",
    "sign_up",
    "verify_email",
    "request_password_reset",
    "confirm_password_reset",
    "sign_in",
    "refresh_session",
    "read_signing_keys",
    "list_reference_tables",
    "read_reference_table",
    "read_corridor",
    "read_organisation",
    "describe_problem",
    "list_startups",
    "read_startup",
    "list_investors",
    "read_investor",
];

/// Operations that only a platform admin may call.
const ADMIN: &[&str] = &[
    "read_person",
    "suspend_person",
    "lift_suspension",
    "revise_corridor",
    "list_corridor_revisions",
    "suspend_organisation",
    "restore_organisation",
    "entitle_organisation",
    "list_profile_claims",
    "approve_profile_claim",
    "refuse_profile_claim",
    "assess_startup",
    "rebuild_world",
    "list_worlds",
    "activate_world",
];

/// Operations for people who are signed in; what each may do is asked of their memberships.
const SIGNED_IN: &[&str] = &[
    "read_me",
    "change_me",
    "change_password",
    "list_sessions",
    "sign_out",
    "end_session",
    "register_organisation",
    "list_organisations",
    "revise_organisation",
    "approve_organisation",
    "list_members",
    "read_membership",
    "change_membership",
    "end_membership",
    "invite_member",
    "list_invitations",
    "withdraw_invitation",
    "accept_invitation",
    "register_startup",
    "revise_startup",
    "claim_startup",
    "confirm_startup",
    "set_startup_contact",
    "remove_startup_contact",
    "publish_startup",
    "withdraw_startup",
    "list_startup_revisions",
    "read_startup_revision",
    "register_investor",
    "revise_investor",
    "claim_investor",
    "confirm_investor",
    "set_investor_contact",
    "remove_investor_contact",
    "publish_investor",
    "withdraw_investor",
    "list_investor_revisions",
    "read_investor_revision",
    "read_investor_portfolio",
    "set_investor_portfolio",
    "upload_investor_portfolio",
    "propose_thesis",
    "rank_startups",
    "rank_investors",
    "explain_startup",
    "explain_investor",
];

fn operations() -> BTreeSet<String> {
    let document = document();
    let items = document["paths"].as_object().expect("paths").values().filter_map(|i| i.as_object());
    items.flat_map(|i| i.values()).filter_map(|op| op["operationId"].as_str()).map(str::to_owned).collect()
}

#[test]
fn every_operation_is_in_the_matrix() {
    let listed: BTreeSet<String> =
        PUBLIC.iter().chain(ADMIN).chain(SIGNED_IN).map(ToString::to_string).collect();
    assert_eq!(operations(), listed);
}
