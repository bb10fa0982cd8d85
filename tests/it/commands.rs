//! The command line against its environment.
//!
//! Invariant: what an operator configured wrongly ends with 78 and is named; what was typed wrongly ends with 2.
//! Read next: `src/cli/mod.rs`.

use std::{
    io::{Read, Write, pipe},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A command whose standard output and, where there is one, log nobody reads.
fn unread(folder: &Path, arguments: &[&str]) -> Child {
    let closed = || -> Stdio {
        let (reader, writer) = pipe().expect("a pipe");
        drop(reader);
        writer.into()
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
    command.args(arguments).arg("--database").arg(format!("sqlite:{}", folder.join("db").display()));
    command.env_clear().stdout(closed()).stderr(closed()).spawn().expect("starts")
}

/// The exit code and what was said on standard error.
fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
    let output =
        command.args(arguments).env_clear().envs(environment.iter().copied()).output().expect("runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_bad_value_of_the_environment_ends_with_78_and_its_name() {
    for (name, value) in [
        ("SPRINGBOARD_LISTEN", "nowhere"),
        ("SPRINGBOARD_DATABASE_CONNECTIONS", "0"),
        ("SPRINGBOARD_DATABASE_TIMEOUT", "soon"),
        ("SPRINGBOARD_SYNCHRONOUS", "perhaps"),
        ("SPRINGBOARD_WORKERS", ""),
        ("SPRINGBOARD_APPROVE_ORGANISATIONS", "maybe"),
        ("SPRINGBOARD_LOG_FORMAT", "xml"),
        ("RUST_LOG", "springboard=loud=er"),
        ("DATABASE_URL", "mysql://somewhere"),
        ("SPRINGBOARD_SMTP_URL", "carrier-pigeon"),
        ("SPRINGBOARD_MAIL_FROM", "nobody"),
    ] {
        let (code, said) = run(&["serve"], &[(name, value)]);
        assert_eq!((code, said.contains(name)), (Some(78), true), "{name}: {code:?} {said}");
    }
}

#[test]
fn the_demo_world_is_not_served_to_other_machines_by_accident() {
    let (code, said) = run(&["serve", "--demo"], &[("SPRINGBOARD_LISTEN", "0.0.0.0:0")]);
    assert_eq!((code, said.contains("--demo-anywhere")), (Some(78), true), "{said}");
    assert_eq!(run(&["serve", "--demo-anywhere"], &[]).0, Some(2));
}

#[test]
fn a_bad_argument_ends_with_2_whatever_the_environment_says() {
    for arguments in
        [&["serve", "--listen", "nowhere"][..], &["serve", "--listen=nowhere"], &["serve", "--no"], &["sing"]]
    {
        let (code, said) = run(arguments, &[("SPRINGBOARD_LISTEN", "127.0.0.1:0")]);
        assert_eq!(code, Some(2), "{arguments:?} {said}");
    }
    assert_eq!(run(&["--version"], &[("SPRINGBOARD_LISTEN", "nowhere")]).0, Some(0));
}

#[test]
fn a_command_ends_well_though_nobody_reads_what_it_says() {
    let folder = tempfile::tempdir().expect("folder");
    for arguments in [&["migrate"][..], &["keys", "rotate"], &["keys", "list"], &["openapi"]] {
        let ended = unread(folder.path(), arguments).wait().expect("waited");
        assert_eq!(ended.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_command_that_looks_or_changes_makes_no_database_where_there_is_none() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("mistyped.db");
    let database = format!("sqlite:{}", file.display());
    for arguments in [
        &["keys", "list"][..],
        &["keys", "rotate"],
        &["world", "list"],
        &["world", "rebuild"],
        &["events", "verify"],
        &["admin", "grant", "--email", "a@example.org"],
    ] {
        let (code, said) = run(&[arguments, &["--database", &database]].concat(), &[]);
        assert_eq!(code, Some(78), "{arguments:?} {said}");
        assert!(said.contains("is not there") && !file.exists(), "{arguments:?} {said}");
    }
}

#[test]
fn a_server_serves_and_stops_though_nobody_reads_what_it_says() {
    let folder = tempfile::tempdir().expect("folder");
    let free =
        TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").to_string();
    let data = folder.path().display().to_string();
    let arguments =
        ["serve", "--listen", &free, "--data", &data, "--argon2-memory", "64", "--drain-delay", "0"];
    let mut server = unread(folder.path(), &arguments);
    let mut stream = loop {
        assert_eq!(server.try_wait().expect("asked"), None, "it ended before it listened");
        match TcpStream::connect(&free) {
            Ok(stream) => break stream,
            Err(_) => std::thread::yield_now(),
        }
    };
    stream.write_all(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill").success());
    assert_eq!(server.wait().expect("waited").code(), Some(0));
}

#[test]
fn the_help_of_a_command_shows_no_option_that_changes_nothing_of_it() {
    let help = |command: &str| {
        let mut springboard = Command::new(env!("CARGO_BIN_EXE_springboard"));
        let output = springboard.args([command, "--help"]).env_clear().output().expect("runs");
        assert!(output.status.success(), "{command}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for command in ["mailbox", "healthcheck", "openapi", "score", "rank", "recommend", "generate"] {
        let said = help(command);
        for option in ["--database", "--log", "--log-format"] {
            assert!(!said.contains(option), "{command}: {said}");
        }
    }
    for command in ["serve", "migrate", "ranking"] {
        assert!(
            help(command).contains("--database <") && help(command).contains("--log-format <"),
            "{command}"
        );
    }
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().display().to_string();
    let taken =
        ["mailbox", "--data", &data, "--database", "sqlite:x", "--log", "info", "--log-format", "json"];
    assert_eq!(run(&taken, &[]).0, Some(0), "scripts may name them");
}

#[test]
fn a_folder_without_a_mailbox_is_called_so_by_its_whole_path() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().display().to_string();
    let (code, said) = run(&["mailbox", "--data", &data], &[]);
    let mailbox = folder.path().join("mailbox");
    assert_eq!(code, Some(0));
    let missing = format!("there is no mailbox: no folder {}; --data names", mailbox.display());
    assert!(said.starts_with(&missing), "{said}");
    std::fs::create_dir(&mailbox).expect("a folder");
    let empty = format!("no mails in {}\n", mailbox.display());
    assert_eq!(run(&["mailbox", "--data", &data], &[]), (Some(0), empty));
    let to = ["mailbox", "--data", &data, "--to", "ann@example.org"];
    let none = format!("no mails to ann@example.org in {}\n", mailbox.display());
    assert_eq!(run(&to, &[]), (Some(0), none));
}
