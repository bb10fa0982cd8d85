//! What the routes of startups and of investors have in common.
//!
//! Invariant: a profile leaves only for the audience that [`super::access`] found. Read next: `startups/api.rs`.

pub mod claims;
pub mod filters;
pub mod portfolios;

use super::access::{find, owned};
use super::claim::claim;
use super::kind::Kind;
use super::model::Profile;
use super::publish::{confirm, publish, withdraw};
use super::register::register;
use super::revise::{revise, set_contact};
use super::store::parts;
use super::wire::{New, View, WireKind};
use super::{browse, common::Contact};
use crate::db::Conn;
use crate::http::authority::Authority;
use crate::http::reply::Paging;
use crate::http::{Call, Merging, Reply, SignedIn};
use crate::identity::{Acting, Principal, Role};
use crate::kernel::{
    error::{Code, Error, Result},
    page::{Limit, Rows},
    shown::Shown,
    visibility::{Audience, Class, Visible},
};
use crate::reference::Catalogue;

fn shown<K: WireKind>(conn: &mut Conn, profile: Profile<K>, audience: Audience) -> Result<Shown<View<K>>>
where
    View<K>: Visible,
{
    let reachable = audience.sees(Class::Matched);
    let contact = if reachable { parts::contact(conn, profile.number)? } else { None };
    let extra = K::extras(conn, std::slice::from_ref(&profile))?.pop();
    let extra = extra.ok_or_else(|| Error::internal("a profile without its own part"))?;
    Ok(Shown::new(View::new(profile, contact, extra), audience))
}

/// A profile for an audience.
pub fn reply<K: WireKind>(conn: &mut Conn, profile: Profile<K>, audience: Audience) -> Result<Reply>
where
    View<K>: Visible,
{
    let version = profile.version;
    Ok(Reply::ok(&shown(conn, profile, audience)?)?.version(version))
}

/// Registers a profile for an organisation of the caller's.
pub fn post<K: WireKind>(
    conn: &mut Conn,
    call: &Call<SignedIn>,
    catalogue: &Catalogue,
    new: New<K>,
) -> Result<Reply>
where
    View<K>: Visible,
{
    let acting = of_body(&call.by, &new.organisation)?;
    let profile = register::<K>(conn, &call.act, &acting, catalogue, new.facts)?;
    let (version, id) = (profile.version, profile.id);
    let shown = shown(conn, profile, acting.audience())?;
    Ok(Reply::created(&shown, format!("/v1/{}s/{id}", K::WORD))?.version(version))
}

/// The proof that the caller may act for the organisation that a body names.
pub fn of_body(by: &Principal, organisation: &crate::kernel::ids::OrganisationId) -> Result<Acting> {
    let member = by.memberships.iter().find(|m| m.organisation == *organisation);
    let member = member.ok_or_else(|| Error::reference("/organisation", "organisation of yours"))?;
    by.acting(member.organisation_number, Role::Editor)
}

/// Reads a profile.
pub fn get<K: WireKind, A: Authority>(conn: &mut Conn, call: &Call<A>, id: K::Id) -> Result<Reply>
where
    View<K>: Visible,
{
    let (profile, audience) = find::<K>(conn, call.by.principal(), id)?;
    reply(conn, profile, audience)
}

/// Revises the facts.
pub fn patch<K: WireKind>(
    conn: &mut Conn,
    call: &Call<SignedIn>,
    catalogue: &Catalogue,
    id: K::Id,
    patch: &Merging<K::Facts>,
) -> Result<Reply>
where
    View<K>: Visible,
{
    change::<K>(conn, call, id, |conn, call, acting, profile| {
        revise(conn, &call.act, acting, catalogue, profile, |current| {
            call.precondition.demand(current.version)?;
            patch.apply(&current.facts)
        })
    })
}

/// Publishes.
pub fn post_publication<K: WireKind>(conn: &mut Conn, call: &Call<SignedIn>, id: K::Id) -> Result<Reply>
where
    View<K>: Visible,
{
    change::<K>(conn, call, id, |conn, call, acting, profile| {
        publish(conn, &call.act, acting, call.by.verified, profile)
    })
}

/// Withdraws.
pub fn delete_publication<K: WireKind>(conn: &mut Conn, call: &Call<SignedIn>, id: K::Id) -> Result<Reply> {
    let (profile, acting) = owned::<K>(conn, &call.by, id, Role::Editor)?;
    withdraw(conn, &call.act, &acting, &profile)?;
    Ok(Reply::no_content())
}

/// Confirms.
pub fn post_confirmation<K: WireKind>(conn: &mut Conn, call: &Call<SignedIn>, id: K::Id) -> Result<Reply>
where
    View<K>: Visible,
{
    change::<K>(conn, call, id, |conn, call, acting, profile| confirm(conn, &call.act, acting, profile))
}

/// Replaces the contact.
pub fn put_contact<K: WireKind>(
    conn: &mut Conn,
    call: &Call<SignedIn>,
    id: K::Id,
    contact: &Contact,
) -> Result<Reply>
where
    View<K>: Visible,
{
    change::<K>(conn, call, id, |conn, call, acting, profile| {
        call.precondition.demand(profile.version)?;
        set_contact(conn, &call.act, acting, profile, Some(contact))
    })
}

/// Removes the contact.
pub fn delete_contact<K: WireKind>(conn: &mut Conn, call: &Call<SignedIn>, id: K::Id) -> Result<Reply> {
    let (profile, acting) = owned::<K>(conn, &call.by, id, Role::Editor)?;
    parts::contact(conn, profile.number)?.ok_or_else(Error::not_found)?;
    set_contact(conn, &call.act, &acting, &profile, None)?;
    Ok(Reply::no_content())
}

/// Changes a profile of the caller's as `verb` says, and shows it.
pub fn change<K: WireKind>(
    conn: &mut Conn,
    call: &Call<SignedIn>,
    id: K::Id,
    verb: impl FnOnce(&mut Conn, &Call<SignedIn>, &Acting, &Profile<K>) -> Result<Profile<K>>,
) -> Result<Reply>
where
    View<K>: Visible,
{
    let (profile, acting) = owned::<K>(conn, &call.by, id, Role::Editor)?;
    let now = verb(conn, call, &acting, &profile)?;
    reply(conn, now, acting.audience())
}

/// Claims a profile for an organisation of the caller's.
pub fn post_claim<K: WireKind>(
    conn: &mut Conn,
    call: &Call<SignedIn>,
    id: K::Id,
    input: &claims::ClaimInput,
) -> Result<Reply> {
    let (profile, _) = find::<K>(conn, Some(&call.by), id)?;
    let acting = of_body(&call.by, &input.organisation)?;
    let claim = claim(conn, &call.act, &acting, &profile)?;
    let location = format!("/v1/profile-claims/{}", claim.id);
    Reply::created(&claims::shown(claim, acting.audience()), location)
}

/// A profile whose history the caller may read, and as whom.
fn own<K: Kind>(conn: &mut Conn, by: &Principal, id: K::Id) -> Result<(Profile<K>, Audience)> {
    let (profile, audience) = find::<K>(conn, Some(by), id)?;
    if audience.sees(Class::Organisation) {
        return Ok((profile, audience));
    }
    Err(Error::new(Code::Forbidden, format!("the {} belongs to another organisation", K::WORD)))
}

/// Lists the revisions, newest first.
pub fn get_revisions<K: WireKind>(
    conn: &mut Conn,
    by: &Principal,
    id: K::Id,
    (limit, before): (Limit, Option<i64>),
    pager: &Paging,
) -> Result<Reply> {
    let (profile, audience) = own::<K>(conn, by, id)?;
    let before = before.unwrap_or(i64::MAX);
    let rows = parts::revisions::<K::Facts>(conn, profile.number, before, limit.rows() + 1)?;
    let page = Rows::cut(rows, limit, |r| r.revision);
    Reply::page(page.map(|r| Shown::new(K::Revision::from(r), audience)), pager)
}

/// Reads a revision.
pub fn get_revision<K: WireKind>(conn: &mut Conn, by: &Principal, id: K::Id, revision: u32) -> Result<Reply> {
    let (profile, audience) = own::<K>(conn, by, id)?;
    let revision = i64::from(revision);
    let found = parts::revisions::<K::Facts>(conn, profile.number, revision + 1, 1)?.pop();
    let found = found.filter(|r| r.revision == revision).ok_or_else(Error::not_found)?;
    Ok(Reply::ok(&Shown::new(K::Revision::from(found), audience))?.version(revision))
}

/// Lists profiles.
pub fn get_page<K: WireKind, A: Authority>(
    conn: &mut Conn,
    call: &Call<A>,
    query: &browse::Search,
    (limit, after): (Limit, Option<browse::Position>),
    pager: &Paging,
) -> Result<Reply>
where
    View<K>: Visible,
{
    let by = call.by.principal();
    let page = browse::browse::<K>(conn, by, query, after.as_ref(), limit)?;
    let extras = K::extras(conn, &page.rows)?;
    let mut rows = Vec::with_capacity(extras.len());
    for (profile, extra) in page.rows.into_iter().zip(extras) {
        let audience = super::access::audience(by, &profile);
        rows.push(Shown::new(View::new(profile, None, extra), audience));
    }
    Reply::page(Rows { rows, next: page.next }, pager)
}
