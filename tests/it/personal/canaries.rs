//! A person with a canary in every personal field is exported, erased, and looked for in every column of every table.
//!
//! Invariant: before the erasure every canary is found by the same search, so the search can fail. Read next: [`super`].

use crate::harness::callers::PASSWORD;
use crate::harness::{Client, TestApp, postgres};
use crate::schema::declared;
use diesel::prelude::*;
use serde_json::{Map, Value, json};
use springboard::accounts::data_subject;
use springboard::db::{Conn, DataSubject, Kind};
use springboard::kernel::{error::Result, ids::PersonId};
use springboard::program::personal::holders;

/// The name of the person, its address as it was typed and as others typed it, and what stands in contacts.
const NAME: &str = "Canary Nightingale";
const ADDRESS: &str = "canary.address@example.org";
const INVITED: &str = "Canary.Address@Example.org";
const CONTACT: &str = "CANARY.ADDRESS@example.org";
const CONTACT_NAME: &str = "Canary Songbird";
const CONTACT_ROLE: &str = "Canary Keeper";
const PHONE: &str = "+33123400999";
const EXPORTED: &[&str] = &[NAME, ADDRESS, INVITED, CONTACT, CONTACT_NAME, CONTACT_ROLE, PHONE];

#[derive(QueryableByName)]
struct Cell {
    #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
    text: Option<String>,
}

/// The columns in which one of the words stands, in any case of its letters.
fn places(conn: &mut Conn, words: &[&str]) -> Result<Vec<String>> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut found = Vec::new();
    for (table, columns) in declared() {
        for column in columns {
            let sql = format!("SELECT CAST({column} AS TEXT) AS text FROM {table}");
            for cell in diesel::sql_query(sql).load::<Cell>(conn)? {
                let text = cell.text.unwrap_or_default().to_lowercase();
                let here = words.iter().filter(|word| text.contains(*word));
                found.extend(here.map(|word| format!("{word} in {table}.{column}")));
            }
        }
    }
    Ok(found)
}

/// The hash of the person's password, and one that waits for a confirmation.
fn hashes(conn: &mut Conn, number: i64) -> Result<Vec<String>> {
    use springboard::db::schema::{mailed_tokens, people_private};
    let own = people_private::table.find(number).select(people_private::password_hash);
    let waiting = mailed_tokens::table.filter(mailed_tokens::person_id.eq(number));
    let waiting: Vec<Option<String>> = waiting.select(mailed_tokens::password_hash).load(conn)?;
    Ok([own.get_result(conn)?].into_iter().chain(waiting.into_iter().flatten()).collect())
}

/// Puts a password hash beside a token, as a sign-up leaves it until the address is confirmed.
fn wait_for_confirmation(conn: &mut Conn, number: i64) -> Result<()> {
    use springboard::db::schema::mailed_tokens::{password_hash, person_id, purpose, table};
    let place = table.filter(person_id.eq(number)).filter(purpose.eq("reset"));
    assert_eq!(diesel::update(place).set(password_hash.eq("$canary$waiting")).execute(conn)?, 1);
    Ok(())
}

fn organisation(client: &Client, name: &str) -> String {
    let new = json!({"kind": "startup", "name": name, "country": "FR"});
    client.post_once("/v1/organisations", "one", &new).expect(201).body["id"].as_str().expect("id").to_owned()
}

fn sign_in(app: &TestApp) -> crate::harness::Answer {
    app.anon().post("/v1/sessions", &json!({"email": ADDRESS, "password": PASSWORD}))
}

/// Somebody with a canary in every field, in an organisation of their own and invited into another one.
fn canary(app: &TestApp, other: &Client) -> (Client, DataSubject) {
    let new = json!({"email": ADDRESS, "password": PASSWORD, "name": NAME});
    app.anon().post("/v1/people", &new).expect(202);
    let token = app.mailed_token(ADDRESS);
    app.anon().post("/v1/email-verifications", &json!({"token": token})).expect(204);
    let session = sign_in(app).expect(201);
    let client = app.anon().with_token(session.body["access_token"].as_str().expect("token"));
    let own = organisation(&client, "Aviary");
    let startup = json!({"organisation": own, "name": "Aviary"});
    let startup =
        client.post("/v1/startups", &startup).expect(201).body["id"].as_str().expect("id").to_owned();
    let contact = json!({"name": CONTACT_NAME, "role": CONTACT_ROLE, "email": CONTACT, "phone": PHONE});
    let path = format!("/v1/startups/{startup}");
    let version = client.get(&path).expect(200).header("etag").to_owned();
    client.put(&format!("{path}/contact"), &version, &contact).expect(200);
    let theirs = organisation(other, "Menagerie");
    let invited = json!({"email": INVITED, "role": "viewer"});
    other.post(&format!("/v1/organisations/{theirs}/invitations"), &invited).expect(201);
    app.anon().post("/v1/password-resets", &json!({"email": ADDRESS})).expect(202);
    let me: PersonId = client.get("/v1/me").expect(200).body["id"].as_str().expect("id").parse().expect("id");
    let person = app.read(|conn| data_subject(conn, me)).expect("a person");
    assert_eq!(person.address.as_deref(), Some(ADDRESS));
    let number = person.number;
    app.parts.edge.db.write_now(move |conn| wait_for_confirmation(conn, number)).expect("waits");
    (client, person)
}

fn export(app: &TestApp, person: &DataSubject) -> Value {
    let all = app
        .read(|conn| holders().iter().map(|h| Ok((h.name().to_owned(), h.export(conn, person)?))).collect());
    Value::Object(Map::from_iter::<Vec<_>>(all))
}

fn erased_everywhere(app: &TestApp) {
    let other = app.person("keeper");
    let (client, person) = canary(app, &other);
    let number = person.number;
    let secret = app.read(|conn| hashes(conn, number));
    assert_eq!(secret.len(), 2, "own and waiting");
    let exported = export(app, &person);
    let text = exported.to_string();
    EXPORTED.iter().for_each(|canary| assert!(text.contains(canary), "{canary}: {exported:#}"));
    secret.iter().for_each(|secret| assert!(!text.contains(secret), "no export holds a secret"));
    assert!(!text.contains("keeper@"), "nor anything of others");
    for part in ["sessions", "stored_replies", "mails", "contacts"] {
        assert!(exported[part].as_array().is_some_and(|rows| !rows.is_empty()), "{part}: {exported:#}");
    }
    for part in ["memberships", "invitations", "mailed_tokens"] {
        let rows = exported["account"][part].as_array();
        assert!(rows.is_some_and(|rows| !rows.is_empty()), "{part}: {exported:#}");
    }
    let canaries: Vec<&str> = EXPORTED.iter().copied().chain(secret.iter().map(String::as_str)).collect();
    let before = app.read(|conn| places(conn, &canaries));
    canaries.iter().for_each(|canary| {
        let canary = canary.to_lowercase();
        assert!(before.iter().any(|place| place.contains(&canary)), "the search does not find {canary}");
    });

    let now = app.parts.edge.clock.now();
    let erased = person.clone();
    app.parts
        .edge
        .db
        .write_now(move |conn| holders().iter().try_for_each(|holder| holder.erase(conn, &erased, now)))
        .expect("erased");

    assert_eq!(app.read(|conn| places(conn, &canaries)), Vec::<String>::new());
    client.get("/v1/me").refused(401, "invalid_token");
    sign_in(app).refused(401, "invalid_credentials");
    let admin = app.admin("root");
    admin.get(&format!("/v1/people/{}", person.id)).refused(404, "not_found");
    let left = app.read(|conn| data_subject(conn, person.id)).expect("a nameless row");
    assert_eq!((left.number, left.address.as_ref()), (person.number, None));
    let again = export(app, &left);
    assert_eq!(
        again,
        json!({
            "sessions": [], "stored_replies": [], "mails": [], "contacts": [], "account": null
        })
    );
    assert_eq!(app.mails_to(ADDRESS).len(), 1, "what was due is not sent");
    let keeper = other.get("/v1/me").expect(200).body;
    assert_eq!(keeper["email"], "keeper@example.org", "others stay as they are");
    app.anon()
        .post("/v1/people", &json!({"email": ADDRESS, "password": PASSWORD, "name": "Another"}))
        .expect(202);
}

#[test]
fn whoever_is_erased_was_exported_whole_and_is_nowhere_any_more_on_sqlite() {
    erased_everywhere(&crate::matching::start(Kind::Sqlite));
}

#[test]
fn whoever_is_erased_was_exported_whole_and_is_nowhere_any_more_on_postgres() {
    if postgres::available() {
        erased_everywhere(&crate::matching::start(Kind::Postgres));
    }
}
