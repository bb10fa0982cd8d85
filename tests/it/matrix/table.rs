//! The table: what becomes of each operation, called by each kind of caller.
//!
//! Invariant: an operation without a row, or a row without a cell for each caller, fails the test. Read next: [`super`].

/// Each cell is the status of a refusal, or `ok`: the caller is let through, and at most the state of things, a version
/// or a value is in the way (409, 412, 422). A 422 is refused because it refers to what is not there for the caller.
/// Reads come first, then what changes things, at last what ends them. The columns are explained at [`super::Caller`].
pub const TABLE: &str = "
operation                 vis gar str own edi vie sta inv org pen sus bar adm
read_signing_keys         ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
live                      ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
describe_problem          ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
ready                     ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
list_investors            ok  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
read_investor             ok  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
rank_startups             401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
recommend_startups        401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
explain_startup           401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
read_investor_portfolio   401 401 403 ok  ok  ok  ok  ok  ok  ok  ok  403 ok
list_investor_revisions   401 401 403 ok  ok  ok  403 403 403 ok  ok  403 ok
read_investor_revision    401 401 403 ok  ok  ok  403 403 403 ok  ok  403 ok
propose_thesis            401 401 403 ok  ok  ok  403 403 403 ok  ok  403 ok
check_thesis              401 401 403 ok  ok  ok  403 403 403 ok  ok  403 ok
read_me                   401 401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
read_membership           401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
list_organisations        401 401 403 ok  ok  ok  ok  ok  ok  403 403 403 ok
read_organisation         ok  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
list_invitations          401 401 404 ok  403 403 404 404 404 ok  403 403 ok
list_members              401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
read_person               401 401 403 403 403 403 403 403 403 403 403 403 ok
list_profile_claims       401 401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
read_profile_claim        401 401 404 ok  403 403 ok  404 404 404 404 403 ok
list_reference_tables     ok  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
read_corridor             ok  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
list_corridor_revisions   401 401 403 403 403 403 403 403 403 403 403 403 ok
read_reference_table      ok  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
list_sessions             401 401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
list_startups             ok  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
read_startup              ok  401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
rank_investors            401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
recommend_investors       401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
explain_investor          401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
suggest_improvements      401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
analyse_gaps              401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
list_investor_rankings    401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
list_startup_rankings     401 401 404 ok  ok  ok  404 404 404 ok  403 403 ok
read_ranking              401 401 404 ok  ok  ok  404 404 404 404 404 403 ok
replay_ranking            401 401 404 ok  ok  ok  404 404 404 404 404 403 ok
list_startup_revisions    401 401 403 ok  ok  ok  403 403 403 ok  ok  403 ok
read_startup_revision     401 401 403 ok  ok  ok  403 403 403 ok  ok  403 ok
list_recommendation_runs  401 401 403 403 403 403 403 403 403 403 403 403 ok
read_recommendation_run   401 401 403 403 403 403 403 403 403 403 403 403 ok
list_worlds               401 401 403 403 403 403 403 403 403 403 403 403 ok
read_world                401 401 403 403 403 403 403 403 403 403 403 403 ok

verify_email              400 400 400 400 400 400 400 400 400 400 400 400 400
revise_investor           401 401 403 ok  ok  403 403 403 403 ok  403 403 403
register_investor         401 401 422 ok  ok  403 422 422 422 ok  403 403 422
claim_investor            401 401 422 ok  ok  403 422 422 422 ok  403 403 422
confirm_investor          401 401 403 ok  ok  403 403 403 403 ok  403 403 403
set_investor_contact      401 401 403 ok  ok  403 403 403 403 ok  403 403 403
remove_investor_contact   401 401 403 ok  ok  403 403 403 403 ok  403 403 403
set_investor_portfolio    401 401 403 ok  ok  403 403 403 403 ok  403 403 403
upload_investor_portfolio 401 401 403 ok  ok  403 403 403 403 ok  403 403 403
publish_investor          401 401 403 ok  ok  403 403 403 403 403 403 403 403
accept_invitation         401 401 400 400 400 400 400 400 400 400 400 403 400
change_me                 401 401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
change_membership         401 401 404 ok  403 403 404 404 404 ok  403 403 ok
register_organisation     401 401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
revise_organisation       401 401 404 ok  403 403 404 404 404 ok  403 403 404
approve_organisation      401 401 403 403 403 403 403 403 403 403 403 403 ok
entitle_organisation      401 401 403 403 403 403 403 403 403 403 403 403 ok
invite_member             401 401 404 ok  403 403 404 404 404 ok  403 403 ok
request_password_reset    ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
confirm_password_reset    400 400 400 400 400 400 400 400 400 400 400 400 400
sign_up                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
refuse_profile_claim      401 401 404 ok  403 403 403 404 404 404 404 403 ok
approve_profile_claim     401 401 404 ok  403 403 403 404 404 404 404 403 ok
revise_corridor           401 401 403 403 403 403 403 403 403 403 403 403 ok
sign_in                   ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok  ok
refresh_session           401 401 401 401 401 401 401 401 401 401 401 401 401
revise_startup            401 401 403 ok  ok  403 403 403 403 ok  403 403 403
register_startup          401 401 422 ok  ok  403 422 422 422 ok  403 403 422
assess_startup            401 401 403 403 403 403 403 403 403 403 403 403 ok
claim_startup             401 401 422 ok  ok  403 422 422 422 ok  403 403 422
confirm_startup           401 401 403 ok  ok  403 403 403 403 ok  403 403 403
set_startup_contact       401 401 403 ok  ok  403 403 403 403 ok  403 403 403
remove_startup_contact    401 401 403 ok  ok  403 403 403 403 ok  403 403 403
publish_startup           401 401 403 ok  ok  403 403 403 403 403 403 403 403
rebuild_world             401 401 403 403 403 403 403 403 403 403 403 403 ok
start_recommendation_run  401 401 403 403 403 403 403 403 403 403 403 403 ok
activate_world            401 401 403 403 403 403 403 403 403 403 403 403 ok
save_investor_ranking     401 401 404 ok  ok  403 404 404 404 ok  403 403 403
save_startup_ranking      401 401 404 ok  ok  403 404 404 404 ok  403 403 403

end_membership            401 401 404 ok  403 403 404 404 404 ok  403 403 ok
withdraw_invitation       401 401 404 ok  403 403 404 404 404 ok  403 403 ok
delete_ranking            401 401 404 ok  ok  403 404 404 404 404 404 403 403
withdraw_startup          401 401 403 ok  ok  403 403 403 403 ok  403 403 403
withdraw_investor         401 401 403 ok  ok  403 403 403 403 ok  403 403 403
suspend_organisation      401 401 403 403 403 403 403 403 403 403 403 403 ok
restore_organisation      401 401 403 403 403 403 403 403 403 403 403 403 ok
suspend_person            401 401 403 403 403 403 403 403 403 403 403 403 ok
lift_suspension           401 401 403 403 403 403 403 403 403 403 403 403 ok
end_session               401 401 404 ok  404 404 404 404 404 404 404 403 404
change_password           401 401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
sign_out                  401 401 ok  ok  ok  ok  ok  ok  ok  ok  ok  403 ok
";
