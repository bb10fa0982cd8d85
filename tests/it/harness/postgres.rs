//! A PostgreSQL server of our own in a temporary folder, on a Unix socket.
//!
//! Invariant: it ends with the test process, whatever ends that; in CI a missing PostgreSQL is a failure.
//! Read next: [`super`].

use springboard::db::{self, Target};
use std::{
    io::{Read, Write},
    os::unix::fs::chown,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Once, OnceLock},
};

const SKIPPED: &str =
    "SKIPPED ON POSTGRESQL: initdb was not found, so every test of this process runs on SQLite only\n";

struct Server {
    bin: PathBuf,
    folder: PathBuf,
    owner: Option<(u32, u32)>,
    _shell: Child,
}

/// Whether there is a PostgreSQL; says loudly what is skipped if not.
pub fn available() -> bool {
    if bin().is_some() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "PostgreSQL is missing: initdb was not found");
    static SAID: Once = Once::new();
    // Not by eprintln!, which the test harness captures.
    SAID.call_once(|| drop(std::io::stderr().write_all(SKIPPED.as_bytes())));
    false
}

fn bin() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|v| v.path().join("bin")));
    }
    let folders = folders.into_iter().filter_map(|f| f.join("postgres").canonicalize().ok());
    folders.filter_map(|p| p.parent().map(Path::to_owned)).find(|f| f.join("initdb").exists())
}

/// The user to run as: PostgreSQL refuses root.
fn unprivileged() -> Option<(u32, u32)> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let uid =
        status.lines().find_map(|l| l.strip_prefix("Uid:")?.split_whitespace().next()?.parse::<u32>().ok());
    if uid != Some(0) {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let find = |name: &str| {
        let line = users.lines().find(|l| l.starts_with(&format!("{name}:")))?;
        let mut ids = line.split(':').skip(2);
        Some((ids.next()?.parse().ok()?, ids.next()?.parse().ok()?))
    };
    find("postgres").or_else(|| find("nobody"))
}

impl Server {
    /// Starts; what is committed survives a power failure only if `fsync` is `on`.
    fn start(fsync: &str, buffers: &str) -> Self {
        let bin = bin().expect("available() was asked first");
        let owner = unprivileged();
        let folder = std::env::temp_dir()
            .join(format!("springboard-postgres-{fsync}-{buffers}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("folder");
        if let Some((uid, gid)) = owner {
            chown(&folder, Some(uid), Some(gid)).expect("chown");
        }
        // The shell waits for the end of its standard input, which is the end of this process.
        let script = "set -e; cd \"$1\"; umask 077
            \"$0/initdb\" -D data -A trust -U springboard --no-sync --locale=C.UTF-8 >initdb.log 2>&1
            \"$0/postgres\" -D data -k \"$1\" -c listen_addresses= -c fsync=$2 -c max_connections=300 \\
                -c shared_buffers=$3 -c log_min_messages=fatal >server.log 2>&1 &
            server=$!
            for _ in $(seq 300); do \"$0/pg_isready\" -q -h \"$1\" && break; sleep 0.1; done
            echo ready
            cat >/dev/null || true
            kill -INT $server; wait $server || true; rm -rf \"$1\"";
        let mut command = Command::new("sh");
        command
            .args(["-c", script])
            .arg(&bin)
            .arg(&folder)
            .args([fsync, buffers])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        command.current_dir("/").process_group(0);
        if let Some((uid, gid)) = owner {
            command.uid(uid).gid(gid);
        }
        let mut shell = command.spawn().expect("sh");
        let mut ready = [0; 6];
        let started = shell.stdout.as_mut().expect("piped").read_exact(&mut ready);
        assert!(started.is_ok(), "PostgreSQL did not start; see {}", folder.display());
        Self { bin, folder, owner, _shell: shell }
    }

    fn url(&self, name: &str) -> String {
        format!("postgres://springboard@/{name}?host={}", self.folder.display())
    }

    fn sql(&self, sql: &str) {
        let mut command = Command::new(self.bin.join("psql"));
        command.arg("-h").arg(&self.folder).args(["-U", "springboard", "-d", "postgres", "-qc", sql]);
        if let Some((uid, gid)) = self.owner {
            command.uid(uid).gid(gid);
        }
        let output = command.current_dir("/").output().expect("psql");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start("off", "64MB"))
}

/// A new, migrated database.
pub fn database(name: &str) -> Target {
    static TEMPLATE: OnceLock<()> = OnceLock::new();
    let server = server();
    TEMPLATE.get_or_init(|| {
        server.sql("CREATE DATABASE template_springboard");
        db::migrate(&Target::Postgres(server.url("template_springboard"))).expect("migrates");
    });
    copy("template_springboard", name)
}

/// A copy of a database that nobody is connected to.
pub fn copy(template: &str, name: &str) -> Target {
    let server = server();
    server.sql(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
    Target::Postgres(server.url(name))
}

/// A new database without any table.
pub fn empty_database(name: &str) -> Target {
    let server = server();
    server.sql(&format!("CREATE DATABASE {name}"));
    Target::Postgres(server.url(name))
}

/// A new, migrated database on a server that writes durably and has room: for measurements.
pub fn durable_database(name: &str) -> Target {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let server = SERVER.get_or_init(|| Server::start("on", "512MB"));
    server.sql(&format!("CREATE DATABASE {name}"));
    let target = Target::Postgres(server.url(name));
    db::migrate(&target).expect("migrates");
    target
}
