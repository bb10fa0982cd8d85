//! Whether a group of calls wrote anything: one look at all tables before and one after, and which call it was.
//!
//! Invariant: what is compared is the content of every table, so that a changed value is seen like an added row.
//! Read next: [`super::shards`].

use super::callers::World;
use crate::harness::TestApp;
use diesel::prelude::*;
use springboard::db::Conn;
use std::collections::BTreeMap;

/// A call that is to write nothing, under the name by which it is reported.
pub struct Call<'a> {
    pub name: String,
    pub act: Box<dyn Fn(&Scene) + 'a>,
}

/// A running copy of the world.
pub struct Scene {
    pub app: TestApp,
    pub world: World,
}

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

/// The query whose one text is all rows of each table, by table.
fn queries(conn: &mut Conn) -> QueryResult<BTreeMap<String, String>> {
    let (tables, row) = match conn {
        Conn::Sqlite(_) => (
            "SELECT name AS text FROM sqlite_master WHERE type = 'table'",
            "SELECT group_concat('quote(\"' || name || '\")', '||'',''||') AS text FROM pragma_table_info('{}')",
        ),
        Conn::Pg(_) => (
            "SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public'",
            "SELECT 'all_of::text' AS text",
        ),
    };
    let gather = match conn {
        Conn::Sqlite(_) => "group_concat(line, char(10))",
        Conn::Pg(_) => "string_agg(line, chr(10))",
    };
    let tables: Vec<Text> = diesel::sql_query(tables).load(conn)?;
    let query = |Text { text: table }| {
        let line: Text = diesel::sql_query(row.replace("{}", &table)).get_result(conn)?;
        let lines = format!("SELECT {} AS line FROM {table} all_of ORDER BY 1", line.text);
        Ok((table, format!("SELECT coalesce({gather}, '') AS text FROM ({lines}) AS lines")))
    };
    tables.into_iter().map(query).collect()
}

/// All rows of every table, as text.
pub fn content(app: &TestApp) -> BTreeMap<String, String> {
    app.read(|conn| {
        let queries = queries(conn)?.into_iter();
        let read = |(table, sql): (String, String)| {
            let all: Text = diesel::sql_query(sql).get_result(conn)?;
            Ok((table, all.text))
        };
        queries.map(read).collect()
    })
}

/// Makes all calls in one copy of the world. If anything in it is another then, they are made again one by one in a
/// second copy, and the first that wrote is named with the tables that it wrote to.
pub fn nothing_is_written(copy: impl Fn() -> Scene, calls: &[Call]) -> Result<(), String> {
    let scene = copy();
    let before = content(&scene.app);
    calls.iter().for_each(|call| (call.act)(&scene));
    if content(&scene.app) == before {
        return Ok(());
    }
    drop(scene);
    let scene = copy();
    let mut before = content(&scene.app);
    for Call { name, act } in calls {
        act(&scene);
        let after = content(&scene.app);
        let differ = |(table, rows): &(&String, &String)| before.get(*table) != Some(*rows);
        let tables: Vec<&str> = after.iter().filter(differ).map(|(table, _)| table.as_str()).collect();
        if !tables.is_empty() {
            return Err(format!("{name} wrote to {}", tables.join(", ")));
        }
        before = after;
    }
    Err("something was written by all calls together, and by none of them alone".to_owned())
}
