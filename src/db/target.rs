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
        let authority =
            url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?']).next().unwrap_or(""));
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|l| host.starts_with(l));
        let socket =
            host.is_empty() || host.starts_with('%') || url.contains("host=/") || url.contains("host=%2F");
        !local && !socket && !url.contains("sslmode=require") && !url.contains("sslmode=verify")
    }
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
                let rest = url.split_once("://").map_or("", |(_, rest)| rest);
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
    fn the_scheme_decides_and_anything_else_is_refused() {
        assert_eq!("sqlite:a/b.db".parse(), Ok(Target::Sqlite("a/b.db".into())));
        assert_eq!("sqlite:///a/b.db".parse(), Ok(Target::Sqlite("/a/b.db".into())));
        assert_eq!("postgres://h/db".parse(), Ok(Target::Postgres("postgres://h/db".into())));
        for url in ["", "postgres:oops", "host=127.0.0.1", "mysql://h/db", "sqlite:", "data.db"] {
            assert!(url.parse::<Target>().is_err(), "{url}");
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let target: Target = "postgres://ann:secret@db.example/x".parse().expect("url");
        assert_eq!(format!("{target} {target:?}"), "postgres://db.example/x postgres://db.example/x");
    }

    #[test]
    fn a_remote_server_without_tls_is_noticed() {
        let clear = |url: &str| url.parse::<Target>().expect("url").in_clear();
        assert!(clear("postgres://ann:x@db.example/x"));
        assert!(!clear("postgres://ann:x@db.example/x?sslmode=require"));
        assert!(!clear("postgres://localhost:5432/x"));
        assert!(!clear("postgres:///x?host=/run/postgresql"));
    }
}
