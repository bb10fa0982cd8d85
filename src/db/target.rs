//! Which database: decided by the scheme of its URL, anything else is refused.
//!
//! Invariant: a typing error in a URL never makes an empty SQLite file. Read next: [`super::handle`].

use std::{fmt, path::PathBuf, str::FromStr};

/// Which of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file in this process.
    Sqlite,
    /// A server.
    Postgres,
}

/// Where the data lies.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL connection URL.
    Postgres(String),
}

impl Target {
    /// Why it cannot be opened. SQLite calls a full disk an I/O error where the file is there already.
    pub(super) fn unopened(&self, cause: &dyn fmt::Display) -> String {
        let cause = cause.to_string();
        let hint = if cause.contains("disk I/O error") { "; is its disk full?" } else { "" };
        format!("cannot open {self}: {cause}{hint}")
    }

    /// Which of the two databases this is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Sqlite(_) => Kind::Sqlite,
            Self::Postgres(_) => Kind::Postgres,
        }
    }

    /// Whether the server is reached over a network without TLS being asked for.
    pub fn in_clear(&self) -> bool {
        let Self::Postgres(url) = self else { return false };
        let (rest, query) = parts(url);
        let authority = rest.split('/').next().unwrap_or_default();
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let parameter = |wanted: &str| {
            let mut pairs = form_urlencoded::parse(query.as_bytes());
            pairs.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
        };
        if parameter("sslmode").is_some_and(|mode| mode == "require" || mode.starts_with("verify-")) {
            return false;
        }
        // As libpq does it: the query wins over the authority, and there may be several hosts.
        let hosts = parameter("hostaddr").or_else(|| parameter("host"));
        let hosts = hosts.unwrap_or_else(|| authority.replace("%2F", "/").replace("%2f", "/"));
        !hosts.split(',').all(local)
    }
}

/// What comes after the scheme of a URL: before and after the question mark.
fn parts(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    rest.split_once('?').unwrap_or((rest, ""))
}

/// Whether a host, with or without a port, is a socket or this machine.
fn local(host: &str) -> bool {
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None if host.matches(':').count() == 1 => host.split(':').next().unwrap_or_default(),
        None => host,
    };
    host.is_empty() || host.starts_with(['/', '@']) || ["localhost", "127.0.0.1", "::1"].contains(&host)
}

impl FromStr for Target {
    type Err = String;

    fn from_str(url: &str) -> Result<Self, String> {
        match url.split_once(':') {
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
                Ok(Self::Postgres(url.to_owned()))
            }
            Some(("sqlite", path)) => {
                let path = path.strip_prefix("//").unwrap_or(path);
                if path.is_empty() {
                    return Err("a SQLite URL names a file, as sqlite:data/springboard.db".to_owned());
                }
                // SQLite would make a file of that name, or data that are gone with the connection.
                if path.starts_with(':') || path.starts_with("file:") || path.contains(['?', '\0']) {
                    return Err(format!("sqlite:{path} is no plain file, as sqlite:data/springboard.db is"));
                }
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            _ => Err("a database URL begins with postgres:// or sqlite:".to_owned()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let (rest, _) = parts(url);
                write!(f, "postgres://{}", rest.rsplit_once('@').map_or(rest, |(_, host)| host))
            }
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_thought_of_where_a_file_cannot_be_opened() {
        let target: Target = "sqlite:full/d.db".parse().expect("target");
        let told = |cause: &str| target.unopened(&cause);
        assert_eq!(told("disk I/O error"), "cannot open sqlite:full/d.db: disk I/O error; is its disk full?");
        assert_eq!(told("not a file"), "cannot open sqlite:full/d.db: not a file");
    }

    #[test]
    fn the_scheme_decides_and_anything_else_is_refused() {
        assert_eq!("sqlite:a/b.db".parse(), Ok(Target::Sqlite("a/b.db".into())));
        assert_eq!("sqlite:///a/b.db".parse(), Ok(Target::Sqlite("/a/b.db".into())));
        assert_eq!("postgres://h/db".parse(), Ok(Target::Postgres("postgres://h/db".into())));
        let odd = ["sqlite::memory:", "sqlite:file:a.db", "sqlite://a.db?mode=ro"];
        let other = ["", "postgres:oops", "host=127.0.0.1", "mysql://h/db", "sqlite:", "data.db"];
        for url in odd.into_iter().chain(other) {
            assert!(url.parse::<Target>().is_err(), "{url}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let target: Target = "postgres://ann:secret@db.example/x".parse().expect("url");
        assert_eq!(format!("{target} {target:?}"), "postgres://db.example/x postgres://db.example/x");
        let target: Target = "postgres://db.example/x?user=ann&password=secret@x".parse().expect("url");
        assert_eq!(format!("{target} {target:?}"), "postgres://db.example/x postgres://db.example/x");
    }

    #[test]
    fn a_remote_server_without_tls_is_noticed() {
        let clear = |url: &str| url.parse::<Target>().expect("url").in_clear();
        assert!(clear("postgres://ann:x@db.example/x"));
        assert!(!clear("postgres://ann:x@db.example/x?sslmode=require"));
        assert!(clear("postgres:///x?host=db.example"));
        assert!(clear("postgres://localhost/x?host=db.example"));
        assert!(clear("postgres://localhost.example.com/x"));
        assert!(clear("postgres://localhost,db.example/x"));
        assert!(clear("postgres://db.example/x?sslmode=prefer"));
        for near in ["localhost:5432/x", "[::1]:5432/x", "ann:x@127.0.0.1/x", "/x", "%2Frun%2Fpostgresql/x"] {
            assert!(!clear(&format!("postgres://{near}")), "{near}");
        }
        assert!(!clear("postgres:///x?host=/run/postgresql"));
        assert!(!clear("postgres:///x?host=%2Frun%2Fpostgresql"));
    }
}
