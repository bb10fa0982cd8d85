//! The commands that help operators with accounts, run as the binary.
//!
//! Invariant: nothing secret is printed. Read next: `src/cli/admin.rs`.

use crate::harness::{
    TestApp,
    callers::{PASSWORD, address},
};
use springboard::db::Target;
use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

fn url(app: &TestApp) -> String {
    match &app.target {
        Target::Sqlite(path) => format!("sqlite:{}", path.display()),
        Target::Postgres(url) => url.clone(),
    }
}

fn run(app: &TestApp, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
    command
        .args(arguments)
        .env_clear()
        .env("DATABASE_URL", url(app))
        .env("SPRINGBOARD_DATA", app.folder.join("data"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("springboard");
    child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("ended");
    let shown = [output.stdout.clone(), output.stderr.clone()].concat();
    let shown = String::from_utf8_lossy(&shown).into_owned();
    assert!(!shown.contains(PASSWORD) && !shown.contains("argon2"), "{shown}");
    output
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

both! {
    fn admins_are_made_helped_and_kept_out_by_command(app: &TestApp) {
        let input = format!("{PASSWORD}\n");
        let email = ["--email", "root@example.org"];
        let made = run(app, &["admin", "create", email[0], email[1], "--name", "Root"], &input);
        assert!(made.status.success() && text(&made).starts_with("usr_"), "{}", text(&made));
        assert_eq!(app.sign_in("root").get("/v1/me").expect(200).body["admin"], true);
        let again = run(app, &["admin", "create", email[0], email[1]], &input);
        assert_eq!((again.status.code(), text(&again).contains("already")), (Some(1), true), "{}", text(&again));
        for (address, password) in [("root", PASSWORD), ("new@example.org", "password1234")] {
            let wrong = run(app, &["admin", "create", "--email", address], password);
            assert_eq!(wrong.status.code(), Some(2), "{}", text(&wrong));
        }
        let root = app.sign_in("root");
        let new = "a wet kettle sings at dawn";
        assert!(run(app, &["admin", "reset-password", email[0], email[1]], new).status.success());
        root.get("/v1/me").refused(401, "invalid_token");
        app.open_session("root", new).expect(201);
        assert!(run(app, &["admin", "disable", email[0], email[1]], "").status.success());
        app.open_session("root", new).refused(403, "account_suspended");
        assert!(run(app, &["admin", "enable", email[0], email[1]], "").status.success());
        assert!(run(app, &["admin", "revoke", email[0], email[1]], "").status.success());
        let session = app.open_session("root", new).expect(201);
        let root = app.anon().with_token(session.body["access_token"].as_str().expect("token"));
        assert_eq!(root.get("/v1/me").expect(200).body["admin"], false);
        assert!(run(app, &["admin", "grant", email[0], email[1]], "").status.success());
        assert_eq!(root.get("/v1/me").expect(200).body["admin"], true);
        let nobody = run(app, &["admin", "grant", "--email", "nobody@example.org"], "");
        assert_eq!(nobody.status.code(), Some(1), "{}", text(&nobody));
    }

    fn keys_are_listed_and_rotated_by_command(app: &TestApp) {
        let list = || text(&run(app, &["keys", "list"], ""));
        assert_eq!(list().lines().count(), 1);
        let rotated = run(app, &["keys", "rotate", "--delay", "0"], "");
        assert!(rotated.status.success(), "{}", text(&rotated));
        assert_eq!(list().lines().count(), 2);
        assert_eq!(list().matches("retiring").count(), 1);
        assert!(run(app, &["keys", "rotate", "--revoke"], "").status.success());
        assert_eq!(list().matches("retired").count(), 2);
    }

    fn the_mailbox_is_shown_by_address(app: &TestApp) {
        app.sign_up("ann");
        app.sign_up("ben");
        let token = app.mailed_token(&address("ann"));
        let shown = text(&run(app, &["mailbox", "--to", "Ann@example.org"], ""));
        assert!(shown.contains(&token) && shown.contains("Subject: Confirm your e-mail address"), "{shown}");
        assert!(!shown.contains("ben@"), "{shown}");
        let all = run(app, &["mailbox"], "");
        assert_eq!(String::from_utf8_lossy(&all.stdout).matches("To: ").count(), 2);
        assert!(run(app, &["mailbox", "--to", "nobody@example.org"], "").stdout.is_empty());
    }
}
