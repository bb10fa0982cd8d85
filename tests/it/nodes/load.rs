//! Three serving processes under load, one of which is killed and comes back.
//!
//! Invariant: every answer is checked against the ledger of the only one who writes that startup; what was acknowledged is
//! shown by every node that lives within [`LAG`], whether a reader names the revision or not.
//! Read next: [`super`].

use super::Late;
use crate::harness::{Answer, Client, callers, fresh_database, process::Process, times};
use crate::matching::{Party, investor_facts, startup_facts};
use serde_json::{Value, json};
use springboard::db::{Kind, Target};
use springboard::notices::mailbox;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

const NODES: usize = 3;
const WRITERS: usize = 3;
/// Checked writes before the death, while one node is away, and after it is back.
const ENOUGH: usize = 24;
/// How long a node may take to show what another one has acknowledged: some hundred times what it takes when nothing else
/// runs, so that a busy machine is no failure.
const LAG: Duration = Duration::from_secs(10);

/// Where the nodes are; the second changes its address when it comes back.
struct Nodes {
    bases: RwLock<Vec<String>>,
}

impl Nodes {
    fn base(&self, n: usize) -> String {
        self.bases.read().unwrap_or_else(PoisonError::into_inner)[n % NODES].clone()
    }

    fn moved(&self, n: usize, base: &str) {
        self.bases.write().unwrap_or_else(PoisonError::into_inner)[n] = base.to_owned();
    }
}

/// What the threads of one round share.
struct Round<'a> {
    nodes: &'a Nodes,
    investor: &'a Party,
    checked: AtomicUsize,
    behind: AtomicUsize,
    /// The longest that a reader without a revision had to ask, in microseconds.
    lag: AtomicU64,
    over: AtomicBool,
}

/// A startup and what the one who writes it was told.
struct Ledger {
    party: Party,
    dollars: u64,
    published: bool,
    revision: i64,
}

impl Ledger {
    /// Writes at some node, at the next one if that is gone.
    fn write(&mut self, round: &Round, n: usize) {
        let mut turn = n % 6;
        self.dollars += u64::from(turn != 3 && turn != 4);
        self.published = turn != 3;
        for attempt in n.. {
            let answer = match turn {
                3 => self.send(round, attempt, "DELETE", "/publication"),
                4 => self.send(round, attempt, "POST", "/publication"),
                _ => self.revise(round, attempt),
            };
            let Some(answer) = answer else { continue };
            // A write whose answer was lost may have been made after all; another one tells the revision.
            if attempt > n && [409, 412].contains(&answer.status) {
                (turn, self.dollars) = (0, self.dollars + 1);
                continue;
            }
            assert!(answer.status < 300, "{}", answer.text);
            self.revision = answer.header("springboard-revision").parse().expect("a revision");
            return;
        }
    }

    fn send(&self, round: &Round, n: usize, method: &str, path: &str) -> Option<Answer> {
        let client = self.party.client.at(&round.nodes.base(n));
        client.attempt(method, &format!("{}{path}", self.party.url()), &[], None)
    }

    fn revise(&self, round: &Round, n: usize) -> Option<Answer> {
        let (client, url) = (self.party.client.at(&round.nodes.base(n)), self.party.url());
        let now = client.attempt("GET", &url, &[], None)?.expect(200);
        let headers = [("if-match", now.header("etag")), ("content-type", "application/json")];
        let patch = json!({"ask": {"target": {"amount": self.dollars * 100, "currency": "USD"}}});
        client.attempt("PATCH", &url, &headers, Some(patch.to_string()))
    }

    /// What the list of those that ask for exactly this much holds.
    fn expected(&self) -> Vec<&str> {
        self.published.then_some(self.party.id.as_str()).into_iter().collect()
    }

    /// Asks a node for those that ask for exactly this much; nothing where no node is there, or it asks to try again.
    fn ask(&self, round: &Round, n: usize, further: &str) -> Option<Vec<String>> {
        let reader = round.investor.client.at(&round.nodes.base(n));
        let exactly = format!("ask_min={0}&ask_max={0}{further}", self.dollars);
        let path = format!("{}/matches?{exactly}", round.investor.url());
        let answer = reader.attempt("GET", &path, &[], None)?;
        if answer.status == 503 {
            assert!(!answer.header("retry-after").is_empty(), "{}", answer.text);
            round.behind.fetch_add(1, Ordering::SeqCst);
            return None;
        }
        Some(ids(&answer.expect(200)))
    }

    /// Asks another node for what it knows, without naming a revision, until that is what was written.
    fn watch(&self, round: &Round, n: usize) {
        let began = Instant::now();
        let mut attempt = n;
        loop {
            let shown = self.ask(round, attempt, "");
            if shown.as_ref().is_some_and(|shown| *shown == self.expected()) {
                round.lag.fetch_max(began.elapsed().as_micros() as u64, Ordering::SeqCst);
                return;
            }
            // A node that is gone shows nothing: the next one is asked.
            attempt += usize::from(shown.is_none());
            assert!(began.elapsed() < LAG, "revision {} is not shown: {shown:?}", self.revision);
            std::thread::yield_now();
        }
    }

    /// Asks another node for exactly what was written.
    fn check(&self, round: &Round, n: usize) {
        let (began, revision) = (Instant::now(), format!("&min_revision={}", self.revision));
        for attempt in n.. {
            if let Some(found) = self.ask(round, attempt, &revision) {
                assert_eq!(found, self.expected(), "{} dollars{revision}", self.dollars);
                round.checked.fetch_add(1, Ordering::SeqCst);
                return;
            }
            assert!(began.elapsed() < LAG, "every node asks to try again for revision {}", self.revision);
        }
    }
}

fn ids(list: &Answer) -> Vec<String> {
    let rows = list.body["data"].as_array().expect("rows").iter();
    rows.map(|row| row["startup"]["id"].as_str().expect("id").to_owned()).collect()
}

/// Writes and checks until the round is over.
fn write(round: &Round, mut ledger: Ledger, from: usize) -> Ledger {
    let mut n = from;
    while !round.over.load(Ordering::SeqCst) {
        ledger.write(round, n);
        ledger.watch(round, n + 1);
        ledger.check(round, n + 1);
        ledger.check(round, n + 2);
        n += 1;
    }
    ledger
}

/// Signs somebody up at a node and confirms the address with what the mail says.
fn sign_up(base: &str, folder: &Path, name: &str) {
    let (client, address) = (Client::new(base), callers::address(name));
    let body = json!({"email": address, "password": callers::PASSWORD, "name": name});
    client.post("/v1/people", &body).expect(202);
    let mail = loop {
        let mails = mailbox::read(folder).expect("mailbox");
        if let Some(mail) = mails.into_iter().find(|mail| mail.is_for(&address)) {
            break mail;
        }
        std::thread::yield_now();
    };
    client.post("/v1/email-verifications", &json!({"token": callers::token_in(&mail)})).expect(204);
}

fn sign_in(base: &str, name: &str) -> Client {
    let body = json!({"email": callers::address(name), "password": callers::PASSWORD});
    let session = Client::new(base).post("/v1/sessions", &body).expect(201);
    Client::new(base).with_token(session.body["access_token"].as_str().expect("access token"))
}

/// Waits until that many more writes have been checked, or a thread has given up.
fn wait(round: &Round, more: usize, gone: impl Fn() -> bool) {
    let enough = round.checked.load(Ordering::SeqCst) + more;
    while round.checked.load(Ordering::SeqCst) < enough && !gone() {
        std::thread::yield_now();
    }
}

fn serve(target: &Target, folder: &Path) -> Process {
    Process::serve(target, folder, &["--approve-organisations", "--database-connections", "4"])
}

/// Round after round of load, death and return.
pub fn rounds() {
    let folder = tempfile::tempdir().expect("folder");
    let target = fresh_database(Kind::Postgres, folder.path());
    let names: Vec<String> = (0..WRITERS).map(|n| format!("writer{n}")).collect();
    let owners = names.iter().map(String::as_str).chain(["ivy", "kim", "sue"]);
    let first = serve(&target, folder.path());
    owners.for_each(|name| sign_up(&first.base, folder.path(), name));
    drop(first);
    for round in 0..times("SPRINGBOARD_NODE_ROUNDS", 1) {
        one(&target, folder.path(), &names, round);
    }
}

fn one(target: &Target, folder: &Path, names: &[String], number: usize) {
    let mut processes: Vec<Option<Process>> = (0..NODES).map(|_| Some(serve(target, folder))).collect();
    let bases = processes.iter().flatten().map(|p| p.base.clone()).collect();
    let nodes = Nodes { bases: RwLock::new(bases) };
    let party =
        |name: &str, kind: &str, facts: Value| Party::of(sign_in(&nodes.base(0), name), name, kind, &facts);
    let investors = ["ivy", "kim"].map(|name| party(name, "investor", investor_facts()));
    let quiet = party("sue", "startup", startup_facts());
    let ledger = |(n, name): (usize, &String)| Ledger {
        party: party(name, "startup", startup_facts()),
        // Nobody else, in this round or before, asks for as much.
        dollars: 3_100_000 + (number * WRITERS + n) as u64 * 10_000,
        published: true,
        revision: 0,
    };
    let ledgers: Vec<Ledger> = names.iter().enumerate().map(ledger).collect();
    let round = Round {
        nodes: &nodes,
        investor: &investors[0],
        checked: AtomicUsize::new(0),
        behind: AtomicUsize::new(0),
        lag: AtomicU64::new(0),
        over: AtomicBool::new(false),
    };
    let (ledgers, late) = std::thread::scope(|scope| {
        let round = &round;
        let threads: Vec<_> =
            ledgers.into_iter().enumerate().map(|(n, l)| scope.spawn(move || write(round, l, n))).collect();
        let gone = || threads.iter().any(|thread| thread.is_finished());
        wait(round, ENOUGH, gone);
        let late = Late::withdraw(target, &quiet.id);
        processes[1].take().expect("a node").kill();
        wait(round, ENOUGH, gone);
        let back = serve(target, folder);
        nodes.moved(1, &back.base);
        processes[1] = Some(back);
        wait(round, ENOUGH, gone);
        let late = late.commit();
        wait(round, ENOUGH, gone);
        round.over.store(true, Ordering::SeqCst);
        let ledgers = threads.into_iter().map(|t| t.join().expect("a writer")).collect::<Vec<_>>();
        (ledgers, late)
    });
    let last = ledgers.iter().map(|l| l.revision).max().expect("writers").max(late);
    agree(&nodes, &investors, &ledgers, &quiet.id, last);
    let (checked, behind, lag) =
        (round.checked.into_inner(), round.behind.into_inner(), round.lag.into_inner() / 1_000);
    eprintln!(
        "round {number}: {checked} answers of other nodes, all right; {behind} asked to try again; \
         another node showed a write after {lag} ms at most"
    );
}

/// All nodes answer every investor alike, and as the ledgers say.
fn agree(nodes: &Nodes, investors: &[Party], ledgers: &[Ledger], withdrawn: &str, last: i64) {
    for investor in investors {
        let list = |n: usize| {
            let path = format!("{}/matches?limit=100&explain=full&min_revision={last}", investor.url());
            investor.client.at(&nodes.base(n)).get(&path).expect(200)
        };
        let lists: Vec<Answer> = (0..NODES).map(list).collect();
        for other in &lists[1..] {
            assert_eq!(other.body["data"], lists[0].body["data"]);
        }
        let found = ids(&lists[0]);
        for ledger in ledgers {
            assert_eq!(found.contains(&ledger.party.id), ledger.published, "{}", ledger.party.id);
        }
        assert!(!found.iter().any(|id| id == withdrawn), "the late withdrawal was skipped");
    }
}
