//! A database that is filled once and copied for every test that starts from it.
//!
//! Invariant: a copy holds what its template held, and nothing that is done to it reaches another. Read next: [`super`].

use super::{TestApp, next_name, postgres};
use diesel::{Connection, RunQueryDsl, SqliteConnection};
use springboard::db::Target;

/// A filled database to copy from.
pub enum Template {
    /// The bytes of the file.
    Sqlite(Vec<u8>),
    /// The name of the database on the server.
    Postgres(String),
}

impl Template {
    /// Ends the application that filled its database.
    pub fn of(app: TestApp) -> Self {
        match app.target.clone() {
            Target::Sqlite(path) => {
                let copy = app.folder.join("template.db");
                let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("opens");
                let sql = format!("VACUUM INTO '{}'", copy.display());
                diesel::sql_query(sql).execute(&mut conn).expect("copies");
                Self::Sqlite(std::fs::read(copy).expect("template"))
            }
            Target::Postgres(url) => {
                let name = url.rsplit('/').find_map(|part| part.split_once("?host=")).map(|(name, _)| name);
                drop(app);
                Self::Postgres(name.unwrap_or_default().to_owned())
            }
        }
    }

    /// Starts an application on a copy, with further settings, as on the command line.
    pub fn start(&self, settings: &[&str]) -> TestApp {
        let temp = tempfile::tempdir().expect("temporary folder");
        let target = match self {
            Self::Sqlite(bytes) => {
                let path = temp.path().join("springboard.db");
                std::fs::write(&path, bytes).expect("copies");
                Target::Sqlite(path)
            }
            Self::Postgres(name) => postgres::copy(name, &next_name()),
        };
        TestApp::on(target, temp, settings)
    }
}
