//! Browsing and searching profiles.
//!
//! Invariant: nobody finds by a fact what they may not read: visitors search names and one-liners and filter by public
//! facts only. Read next: [`super::store::browse`].

use super::common::{IN_DESCRIPTION, IN_ONE_LINER};
use super::kind::Kind;
use super::model::{Profile, State};
use super::store;
use super::tokens::{self, Wanted};
use crate::db::Conn;
use crate::identity::Principal;
use crate::kernel::{
    error::{Code, Error, Result},
    ids::OrganisationId,
    page::{Limit, Rows},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The most words that a search may have.
const MAX_WORDS: usize = 16;

/// The facets that everybody may filter by.
const PUBLIC_FACETS: [&str; 3] = ["home", "sector", "kind"];

/// What a facet has to be, or may not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Which facet.
    pub facet: &'static str,
    /// One of these.
    pub codes: Vec<String>,
    /// Whether it is to be none of them instead.
    pub not: bool,
}

/// How a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(default = "-updated_at")]
pub enum Sort {
    /// The latest change first.
    #[default]
    #[serde(rename = "-updated_at")]
    Updated,
    /// The newest first.
    #[serde(rename = "-created_at")]
    Created,
    /// By name, without regard to case and accents.
    #[serde(rename = "name")]
    Name,
}

/// A place in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// After this instant and number.
    At(i64, i64),
    /// After this name and number.
    Named(String, i64),
}

/// What a list is to hold.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Words.
    pub wanted: Option<Wanted>,
    /// Facets; all have to hold.
    pub terms: Vec<Terms>,
    /// Of one organisation only.
    pub organisation: Option<OrganisationId>,
    /// In one state only.
    pub state: Option<State>,
    /// The largest amount in whole US dollars, from and to.
    pub amount: (Option<i64>, Option<i64>),
    /// An amount in whole US dollars that has to lie between the smallest and the largest.
    pub between: Option<i64>,
    /// The year of foundation, from and to.
    pub founded: (Option<i64>, Option<i64>),
    /// Changed after this instant.
    pub updated_after: Option<Timestamp>,
    /// The order.
    pub sort: Sort,
}

/// The words of a search, or a refusal.
pub fn words(q: &str) -> Result<Wanted> {
    let wanted = tokens::of_query(q);
    if wanted.whole.len() >= MAX_WORDS {
        return Err(Error::parameter("q", format!("a search has at most {MAX_WORDS} words")));
    }
    Ok(wanted)
}

impl Search {
    /// The search, unless a range ends before it begins: then its upper end is refused by its name.
    pub fn ordered(self, amount: &str, founded: &str) -> Result<Self> {
        for (name, range) in [(amount, self.amount), (founded, self.founded)] {
            if let (Some(from), Some(to)) = range
                && from > to
            {
                let mut error = Error::parameter(name, format!("{name} is less than its lower end"));
                error.fields.iter_mut().for_each(|f| f.code = "out_of_range");
                return Err(error);
            }
        }
        Ok(self)
    }

    fn for_members(&self) -> bool {
        let narrow = self.terms.iter().any(|t| !PUBLIC_FACETS.contains(&t.facet));
        let ranges = [self.amount.0, self.amount.1, self.between, self.founded.0, self.founded.1];
        narrow || ranges.iter().any(Option::is_some)
    }
}

/// What of the rows the caller may see: the number of an organisation whose profiles are seen in any state.
fn scope(by: Option<&Principal>, search: &Search) -> Result<Scope> {
    let member = by.is_some_and(Principal::is_member);
    let own = search.organisation.and_then(|id| {
        let membership = by?.memberships.iter().find(|m| m.organisation == id);
        membership.map(|m| m.organisation_number)
    });
    let owner = own.is_some() || (search.organisation.is_some() && by.is_some_and(|p| p.admin));
    if search.state.is_some_and(|s| s != State::Published) && !owner {
        return Err(Error::new(Code::Forbidden, "only the organisation itself lists what is not published"));
    }
    if search.for_members() && !member && !owner {
        let detail = "only members of approved organisations search by facts that are not public";
        let code = if by.is_some() { Code::ApprovalPending } else { Code::AuthenticationRequired };
        return Err(Error::new(code, detail));
    }
    let least_weight = if member || owner { IN_DESCRIPTION } else { IN_ONE_LINER };
    Ok(Scope { every_state: owner, least_weight })
}

/// What of the rows the caller may see and search.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Whether rows in every state are seen, because they are the caller's own.
    pub every_state: bool,
    /// The least weight of the words that are searched.
    pub least_weight: i32,
}

/// A page of the profiles that a search finds and the caller may see.
pub fn browse<K: Kind>(
    conn: &mut Conn,
    by: Option<&Principal>,
    search: &Search,
    after: Option<&Position>,
    limit: Limit,
) -> Result<Rows<Profile<K>, Position>> {
    let scope = scope(by, search)?;
    if search.wanted.as_ref().is_some_and(|w| *w == Wanted::default()) {
        return Ok(Rows { rows: Vec::new(), next: None });
    }
    let found = store::browse::page::<K>(conn, search, scope, after, limit.rows() + 1)?;
    let page = Rows::cut(found, limit, |(_, position)| position.clone());
    Ok(page.map(|(profile, _)| profile))
}
