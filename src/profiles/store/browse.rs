//! The query behind a list of profiles.
//!
//! Invariant: whatever was typed is bound, never spliced, and compared byte by byte on both databases.
//! Read next: [`crate::profiles::browse`].

use super::load;
use crate::db::{Conn, schema};
use crate::identity::OrganisationState;
use crate::kernel::error::Result;
use crate::profiles::browse::{Position, Scope, Search, Sort, Terms};
use crate::profiles::kind::Kind;
use crate::profiles::model::{Profile, State};
use crate::profiles::tokens::Wanted;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use schema::{organisations, profile_facets, profile_tokens, profiles};
use std::collections::HashMap;

type Backend = <Conn as Connection>::Backend;
type Joins = diesel::helper_types::InnerJoinQuerySource<profiles::table, organisations::table>;
type Condition = Box<dyn BoxableExpression<Joins, Backend, SqlType = Bool>>;
type Key = (i64, i64, i64, String);

/// The profiles that a search finds in a scope, each with its position, at most `limit`.
pub fn page<K: Kind>(
    conn: &mut Conn,
    search: &Search,
    scope: Scope,
    after: Option<&Position>,
    limit: usize,
) -> Result<Vec<(Profile<K>, Position)>> {
    let mut query = profiles::table
        .inner_join(organisations::table)
        .filter(profiles::kind.eq(K::WORD))
        .select((profiles::id, profiles::updated_at, profiles::created_at, profiles::name_folded))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed::<Backend>();
    for condition in conditions(search, scope).into_iter().chain(after.map(beyond(search.sort))) {
        query = query.filter(condition);
    }
    let query = match search.sort {
        Sort::Updated => query.order((profiles::updated_at.desc(), profiles::id.desc())),
        Sort::Created => query.order((profiles::created_at.desc(), profiles::id.desc())),
        Sort::Name => query.order((profiles::name_folded.asc(), profiles::id.asc())),
    };
    let keys: Vec<Key> = query.load(conn)?;
    let numbers: Vec<i64> = keys.iter().map(|key| key.0).collect();
    let mut found: HashMap<i64, Profile<K>> =
        load::<K>(conn, &numbers)?.into_iter().map(|p| (p.number, p)).collect();
    Ok(keys.into_iter().filter_map(|key| Some((found.remove(&key.0)?, position(search.sort, key)))).collect())
}

fn position(sort: Sort, (number, updated, created, name): Key) -> Position {
    match sort {
        Sort::Updated => Position::At(updated, number),
        Sort::Created => Position::At(created, number),
        Sort::Name => Position::Named(name, number),
    }
}

/// What lies beyond a position.
fn beyond(sort: Sort) -> impl Fn(&Position) -> Condition {
    move |position| match (sort, position.clone()) {
        (Sort::Created, Position::At(at, id)) => {
            Box::new(profiles::created_at.lt(at).or(profiles::created_at.eq(at).and(profiles::id.lt(id))))
        }
        (_, Position::At(at, id)) => {
            Box::new(profiles::updated_at.lt(at).or(profiles::updated_at.eq(at).and(profiles::id.lt(id))))
        }
        (_, Position::Named(name, id)) => Box::new(
            profiles::name_folded
                .gt(name.clone())
                .or(profiles::name_folded.eq(name).and(profiles::id.gt(id))),
        ),
    }
}

fn conditions(search: &Search, scope: Scope) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    if let Some(id) = search.organisation {
        all.push(Box::new(organisations::public_id.eq(id.to_string())));
    }
    if !scope.every_state {
        all.push(Box::new(profiles::state.eq(State::Published.as_str())));
        all.push(Box::new(organisations::state.eq(OrganisationState::Approved.as_str())));
    } else if let Some(state) = search.state {
        all.push(Box::new(profiles::state.eq(state.as_str())));
    }
    if let Some(wanted) = &search.wanted {
        all.extend(words(wanted, scope.least_weight));
    }
    all.extend(search.terms.iter().map(facet));
    all.extend(ranges(search));
    all
}

fn words(wanted: &Wanted, least: i32) -> Vec<Condition> {
    use profile_tokens::{profile_id, token, weight};
    let own = move || profile_tokens::table.filter(profile_id.eq(profiles::id)).filter(weight.ge(least));
    let mut all: Vec<Condition> = Vec::new();
    for word in &wanted.whole {
        all.push(Box::new(exists(own().filter(token.eq(word.clone())))));
    }
    if let Some(word) = &wanted.beginning {
        let end = format!("{word}\u{10FFFF}");
        all.push(Box::new(exists(own().filter(token.ge(word.clone())).filter(token.lt(end)))));
    }
    all
}

fn facet(terms: &Terms) -> Condition {
    let matching = profile_facets::table
        .filter(profile_facets::profile_id.eq(profiles::id))
        .filter(profile_facets::facet.eq(terms.facet))
        .filter(profile_facets::value.eq_any(terms.codes.clone()));
    if terms.not { Box::new(not(exists(matching))) } else { Box::new(exists(matching)) }
}

fn ranges(search: &Search) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    if let Some(least) = search.amount.0 {
        all.push(Box::new(profiles::amount_max_usd.ge(least).assume_not_null()));
    }
    if let Some(most) = search.amount.1 {
        all.push(Box::new(profiles::amount_max_usd.le(most).assume_not_null()));
    }
    if let Some(amount) = search.between {
        all.push(Box::new(profiles::amount_min_usd.le(amount).assume_not_null()));
        all.push(Box::new(profiles::amount_max_usd.ge(amount).assume_not_null()));
    }
    if let Some(least) = search.founded.0 {
        all.push(Box::new(profiles::founded.ge(least).assume_not_null()));
    }
    if let Some(most) = search.founded.1 {
        all.push(Box::new(profiles::founded.le(most).assume_not_null()));
    }
    if let Some(after) = search.updated_after {
        all.push(Box::new(profiles::updated_at.gt(after.micros())));
    }
    all
}
