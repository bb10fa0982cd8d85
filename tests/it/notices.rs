//! Mails: what leaves, once, and what happens when it cannot.
//!
//! Invariant: a mail server of our own listens on the loopback; no mail leaves the machine. Read next: `src/notices/mod.rs`.

use crate::harness::{
    TestApp,
    callers::{self, address},
    postgres,
};
use serde_json::json;
use springboard::{
    accounts::MailTokens,
    db::{Kind, schema::mail_deliveries},
    notices::{Notices, mailbox},
};
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::Duration,
};

/// A mail server that takes one mail per connection, or refuses the recipient.
struct Server {
    url: String,
    mails: Arc<Mutex<Vec<String>>>,
    thread: JoinHandle<()>,
}

impl Server {
    /// Serves as many connections as there are words; `false` refuses.
    fn start(words: &'static [bool]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
        let url = format!("smtp://{}", listener.local_addr().expect("address"));
        let mails = Arc::new(Mutex::new(Vec::new()));
        let kept = mails.clone();
        let thread = std::thread::spawn(move || {
            for accepts in words {
                let (stream, _) = listener.accept().expect("a connection");
                if let Some(mail) = talk(stream, *accepts) {
                    kept.lock().expect("mails").push(mail);
                }
            }
        });
        Self { url, mails, thread }
    }

    fn mails(self) -> Vec<String> {
        self.thread.join().expect("served");
        self.mails.lock().expect("mails").clone()
    }
}

fn talk(mut stream: TcpStream, accepts: bool) -> Option<String> {
    let mut lines = BufReader::new(stream.try_clone().expect("stream")).lines();
    let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes()).expect("says");
    say("220 loopback");
    let mut mail = None;
    while let Some(Ok(line)) = lines.next() {
        match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => say("250 loopback"),
            "RCPT" if !accepts => say("450 try later, ann@example.org"),
            "DATA" => {
                say("354 go on");
                let text = lines.by_ref().map_while(Result::ok).take_while(|l| l != ".");
                mail = Some(text.collect::<Vec<_>>().join("\n"));
                say("250 taken");
            }
            "QUIT" => {
                say("221 bye");
                break;
            }
            _ => say("250 ok"),
        }
    }
    mail
}

/// Where the deliveries stand: state and attempts.
fn deliveries(app: &TestApp) -> Vec<(String, i32)> {
    app.read(|conn| {
        use diesel::prelude::*;
        let columns = (mail_deliveries::state, mail_deliveries::attempts);
        Ok(mail_deliveries::table.order(mail_deliveries::event_id).select(columns).load(conn)?)
    })
}

fn deliver(app: &TestApp) -> usize {
    callers::deliver(&app.parts.notices, &app.parts.edge)
}

fn by_smtp(kind: Kind) {
    let server = Server::start(&[false, true]);
    let app =
        TestApp::with(kind, &["--smtp-url", &server.url, "--public-url", "https://springboard.example"]);
    app.sign_up("ann");
    assert_eq!(deliver(&app), 0, "the server refuses");
    assert_eq!(deliver(&app), 0, "it is not tried again at once");
    assert_eq!(deliveries(&app), [("due".to_owned(), 1)]);
    app.advance(Duration::from_secs(60));
    assert_eq!(deliver(&app), 1);
    assert_eq!(deliveries(&app), [("sent".to_owned(), 2)]);
    assert_eq!(deliver(&app), 0);
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    for part in
        ["To: ann <ann@example.org>", "Subject: Confirm your e-mail address", "https://springboard.example"]
    {
        assert!(mails[0].contains(part), "{}", mails[0]);
    }
    assert!(mailbox::read(&app.parts.settings.data).expect("mailbox").is_empty());
}

#[test]
fn mails_leave_by_smtp_and_are_tried_again_on_sqlite() {
    by_smtp(Kind::Sqlite);
}

#[test]
fn mails_leave_by_smtp_and_are_tried_again_on_postgres() {
    if postgres::available() {
        by_smtp(Kind::Postgres);
    }
}

#[test]
fn a_mail_that_never_leaves_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
    let url = format!("smtp://{}", listener.local_addr().expect("address"));
    drop(listener);
    let app = TestApp::with(Kind::Sqlite, &["--smtp-url", &url]);
    app.sign_up("ann");
    for _ in 0..10 {
        assert_eq!(deliver(&app), 0);
        app.advance(Duration::from_secs(3 * 3600));
    }
    assert_eq!(deliveries(&app), [("failed".to_owned(), 8)]);
}

both! {
    fn two_nodes_send_each_mail_once(app: &TestApp) {
        let tokens = MailTokens::load(&app.parts.edge.db).expect("tokens");
        let other = Notices::new(app.parts.edge.db.clone(), tokens, &app.parts.settings.mail()).expect("notices");
        for n in 0..10 {
            app.sign_up(&format!("person{n}"));
        }
        let edge = &app.parts.edge;
        let sent: usize = std::thread::scope(|scope| {
            let both = [&app.parts.notices, &other].map(|n| scope.spawn(move || callers::deliver(n, edge)));
            both.into_iter().map(|node| node.join().expect("delivered")).sum()
        });
        assert_eq!(sent, 10);
        assert_eq!(deliveries(app), vec![("sent".to_owned(), 1); 10]);
        assert_eq!(mailbox::read(&app.parts.settings.data).expect("mailbox").len(), 10);
    }

    fn a_mail_whose_token_is_void_is_not_sent(app: &TestApp) {
        app.person("ann");
        for _ in 0..2 {
            app.anon().post("/v1/password-resets", &json!({"email": address("ann")})).expect(202);
        }
        let subjects: Vec<String> =
            app.mails_to(&address("ann")).iter().map(|m| m.header("Subject").to_owned()).collect();
        assert_eq!(subjects, ["Confirm your e-mail address", "Set a new password"]);
        assert_eq!(deliveries(app).iter().filter(|(state, _)| state == "dropped").count(), 1);
    }

    fn a_node_that_starts_again_sends_nothing_twice(app: &TestApp) {
        app.sign_up("ann");
        assert_eq!(deliver(app), 1);
        let tokens = MailTokens::load(&app.parts.edge.db).expect("tokens");
        let again = Notices::new(app.parts.edge.db.clone(), tokens, &app.parts.settings.mail()).expect("notices");
        assert_eq!(callers::deliver(&again, &app.parts.edge), 0);
        app.sign_up("ben");
        assert_eq!(callers::deliver(&again, &app.parts.edge), 1);
    }
}
