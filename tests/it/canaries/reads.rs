//! Every read of the document, aimed at everything that there is.
//!
//! Invariant: a GET operation without a line here fails. Read next: [`super`].

use super::world::{Things, World};

/// An operation and the paths that it is called by, each with every thing that its placeholders can be. Rows of a list that
/// are not on its first page are read as well.
pub const READS: &[(&str, &[&str])] = &[
    ("read_signing_keys", &["/.well-known/jwks.json"]),
    ("live", &["/livez"]),
    ("ready", &["/readyz"]),
    ("describe_problem", &["/problems/not_found", "/problems/nothing"]),
    (
        "list_investors",
        &[
            "/v1/investors",
            "/v1/investors?limit=1&sort=name",
            "/v1/investors?organisation={investor_organisation}",
            "/v1/investors?organisation={investor_organisation}&state=draft",
        ],
    ),
    ("read_investor", &["/v1/investors/{investor}", "/v1/investors/{investor}?expand=contact"]),
    (
        "rank_startups",
        &[
            "/v1/investors/{investor}/matches",
            "/v1/investors/{investor}/matches?explain=summary",
            "/v1/investors/{investor}/matches?explain=full&limit=1",
        ],
    ),
    ("explain_startup", &["/v1/investors/{investor}/matches/{startup}"]),
    ("read_investor_portfolio", &["/v1/investors/{investor}/portfolio"]),
    ("list_investor_rankings", &["/v1/investors/{investor}/rankings"]),
    ("recommend_startups", &["/v1/investors/{investor}/recommendations"]),
    (
        "list_investor_revisions",
        &["/v1/investors/{investor}/revisions", "/v1/investors/{investor}/revisions?limit=1"],
    ),
    (
        "read_investor_revision",
        &["/v1/investors/{investor}/revisions/1", "/v1/investors/{investor}/revisions/2"],
    ),
    ("check_thesis", &["/v1/investors/{investor}/thesis-check"]),
    ("propose_thesis", &["/v1/investors/{investor}/thesis-proposal"]),
    ("read_me", &["/v1/me"]),
    ("read_membership", &["/v1/memberships/{membership}"]),
    (
        "list_organisations",
        &[
            "/v1/organisations",
            "/v1/organisations?limit=1",
            "/v1/organisations?state=pending",
            "/v1/organisations?state=suspended",
        ],
    ),
    (
        "read_organisation",
        &["/v1/organisations/{startup_organisation}", "/v1/organisations/{investor_organisation}"],
    ),
    ("list_invitations", &["/v1/organisations/{startup_organisation}/invitations"]),
    (
        "list_members",
        &[
            "/v1/organisations/{startup_organisation}/members",
            "/v1/organisations/{investor_organisation}/members",
        ],
    ),
    ("read_person", &["/v1/people/{person}"]),
    ("list_profile_claims", &["/v1/profile-claims", "/v1/profile-claims?state=approved"]),
    ("read_profile_claim", &["/v1/profile-claims/{claim}"]),
    ("read_ranking", &["/v1/rankings/{ranking}"]),
    ("replay_ranking", &["/v1/rankings/{ranking}/replay"]),
    ("list_recommendation_runs", &["/v1/recommendation-runs"]),
    ("read_recommendation_run", &["/v1/recommendation-runs/{run}"]),
    ("list_reference_tables", &["/v1/reference"]),
    ("read_corridor", &["/v1/reference/corridors/RU-CN"]),
    ("list_corridor_revisions", &["/v1/reference/corridors/RU-CN/revisions"]),
    (
        "read_reference_table",
        &["/v1/reference/corridors", "/v1/reference/countries", "/v1/reference/exchange_rates"],
    ),
    ("list_sessions", &["/v1/sessions"]),
    (
        "list_startups",
        &[
            "/v1/startups",
            "/v1/startups?limit=1&sort=name",
            "/v1/startups?organisation={startup_organisation}",
            "/v1/startups?organisation={startup_organisation}&state=draft",
        ],
    ),
    ("read_startup", &["/v1/startups/{startup}", "/v1/startups/{startup}?expand=contact"]),
    ("analyse_gaps", &["/v1/startups/{startup}/gaps?market=CN"]),
    (
        "rank_investors",
        &[
            "/v1/startups/{startup}/matches",
            "/v1/startups/{startup}/matches?explain=summary",
            "/v1/startups/{startup}/matches?explain=full&limit=1",
        ],
    ),
    ("explain_investor", &["/v1/startups/{startup}/matches/{investor}"]),
    ("suggest_improvements", &["/v1/startups/{startup}/matches/{investor}/improvements"]),
    ("list_startup_rankings", &["/v1/startups/{startup}/rankings"]),
    ("recommend_investors", &["/v1/startups/{startup}/recommendations"]),
    (
        "list_startup_revisions",
        &["/v1/startups/{startup}/revisions", "/v1/startups/{startup}/revisions?limit=1"],
    ),
    ("read_startup_revision", &["/v1/startups/{startup}/revisions/1", "/v1/startups/{startup}/revisions/2"]),
    ("list_worlds", &["/v1/worlds"]),
    ("read_world", &["/v1/worlds/{world}"]),
];

/// The paths of all reads, aimed at these things of the world; of pairs only those in which the first of them takes part.
pub fn paths(world: &World, things: &[Things]) -> Vec<String> {
    let all = |of: fn(&Things) -> &String| things.iter().map(of).cloned().collect::<Vec<_>>();
    let mut values = world.ids.clone();
    values.insert("startup", all(|t| &t.startup.1));
    values.insert("startup_organisation", all(|t| &t.startup.0));
    values.insert("investor", all(|t| &t.investor.1));
    values.insert("investor_organisation", all(|t| &t.investor.0));
    let templates = READS.iter().flat_map(|(_, paths)| paths.iter().copied());
    let pair = |template: &str| template.contains("{startup}") && template.contains("{investor}");
    let aimed = |template: &'static str| {
        let mut paths = vec![template.to_owned()];
        for (name, values) in &values {
            let fill = |path: String| -> Vec<String> {
                let placeholder = format!("{{{name}}}");
                let filled = values.iter().map(|value| path.replace(&placeholder, value));
                if path.contains(&placeholder) { filled.collect() } else { vec![path] }
            };
            paths = paths.into_iter().flat_map(fill).collect();
        }
        let first =
            |path: &String| path.contains(&things[0].startup.1) || path.contains(&things[0].investor.1);
        paths.retain(|path| !pair(template) || first(path));
        paths
    };
    let paths: Vec<String> = templates.flat_map(aimed).collect();
    assert!(paths.iter().all(|path| !path.contains('{')), "{paths:?}");
    paths
}
