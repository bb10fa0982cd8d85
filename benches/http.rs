//! A page of matches over HTTP, against a handler that has the same bytes ready.
//!
//! Invariant: both stand behind the same middleware and authentication, in the same process and run; each request is for
//! another investor than the one before, every row is one of the population, and what the service answers is compared with
//! what the handler holds. Beside the wanted figure stand two others: while startups change, and with weights for the query,
//! for which no list and no row is kept.
//! Run it with `cargo bench --bench http`; read next: `src/matching/lists/rank.rs`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement that cannot go on ends there")]

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, middleware::from_fn, web, web::Bytes, web::Data,
};
use clap::Parser;
use serde_json::{Value, json};
use springboard::accounts::{
    Email,
    passwords::{Hasher, Password},
    people,
};
use springboard::db::Target;
use springboard::engine::profile::{InvestorKey, Startup, StartupKey};
use springboard::engine::{Changes, Listing, Snapshot};
use springboard::events::Act;
use springboard::http::{Cx, SignedIn, middleware};
use springboard::kernel::{ids::StartupId, time::Clock};
use springboard::matching::View;
use springboard::matching::replica::cards::StartupCard;
use springboard::population::Population;
use springboard::profiles;
use springboard::program::config::Settings;
use springboard::program::startup::Application;
use springboard::program::state::Parts;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// The program's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const STARTUPS: u64 = 100_000;
const CONNECTIONS: usize = 32;
const SPAN: Duration = Duration::from_secs(3);
const ROUNDS: usize = 4;
/// Rows of a page; investors with fewer matches are left out.
const ROWS: usize = 20;
/// The share of the handler's requests that is wanted, in per cent.
const MUST: usize = 40;
const PASSWORD: &str = "a-measurement-without-secrets";
const ADDRESS: &str = "admin@bench.example";

/// The number of the first startup, behind those of the demo world.
const FIRST: u64 = 1_000_000;
/// How the name of every startup of the population begins.
const NAME: &str = "Startup number ";

/// The settings as a command line has them.
#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

/// Serves in a thread of its own until the process ends.
fn serve() -> (Parts, SocketAddr) {
    let folder = tempfile::tempdir().expect("folder").keep();
    let data = folder.display().to_string();
    let line = ["bench", "--demo", "--listen", "127.0.0.1:0", "--argon2-memory", "64", "--data", &data];
    let settings = Line::try_parse_from(line).expect("settings").settings;
    let (tell, hear) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let target = Target::Sqlite(folder.join("bench.db"));
            let app = Application::build(&target, settings, Clock::System).expect("builds");
            tell.send((app.parts.clone(), app.address)).expect("heard");
            app.serve().await.expect("serves");
        });
    });
    hear.recv().expect("started")
}

/// The view once the follower has taken up every commit: from then on it publishes no other.
fn settled(parts: &Parts) -> Arc<View> {
    loop {
        match parts.replica.view().filter(|view| view.commits >= parts.edge.db.commits()) {
            Some(view) => return view,
            None => std::thread::yield_now(),
        }
    }
}

/// Revises one startup after the other, as many a minute as wanted, until told to stop; answers how many it revised.
fn change(parts: &Parts, stop: &AtomicBool) -> u64 {
    let population = Population::new(8, STARTUPS, 1);
    let (began, pause) = (Instant::now(), Duration::from_secs(60) / (STARTUPS / 100) as u32);
    for k in 0.. {
        if stop.load(Ordering::Relaxed) {
            return k;
        }
        let mut view = View::clone(&parts.replica.view().expect("loaded"));
        let id = StartupKey(FIRST + k * 7_919 % STARTUPS);
        let mut changes = Changes::default();
        changes.put_startup(Startup { id, ..population.startup(k) });
        view.snapshot = view.snapshot.with(changes).into();
        parts.replica.publish(view);
        std::thread::sleep((began + pause * (k as u32 + 1)).saturating_duration_since(Instant::now()));
    }
    0
}

/// Puts a population in the place of the demo world's startups; the investors keep their numbers, and so their owners.
fn populate(parts: &Parts) -> Vec<String> {
    let investors = parts.edge.db.read_now(|conn| profiles::ranked_investors(conn, None)).expect("investors");
    let population = Population::new(7, STARTUPS, investors.len() as u64);
    let mut changes = Changes::default();
    let mut view = View::clone(&settled(parts));
    for k in 0..STARTUPS {
        changes.put_startup(Startup { id: StartupKey(FIRST + k), ..population.startup(k) });
    }
    let now = Clock::System.now();
    let card = |k: u64| StartupCard {
        id: StartupId::new(now),
        name: format!("{NAME}{k}"),
        one_liner: Some("Makes what others make too, but in less time and with fewer people".to_owned()),
        home: Some("KR".to_owned()),
        city: Some("Seoul".to_owned()),
        sector: Some("ict.ai".to_owned()),
        stage: Some("series_a".to_owned()),
    };
    view.startups.change((0..STARTUPS).map(|k| (FIRST + k, Some(card(k))))).expect("cards");
    for (k, record) in investors.iter().enumerate() {
        let mut thesis = population.investor(k as u64);
        thesis.id = InvestorKey(record.profile.number as u64);
        changes.put_investor(Listing::open(thesis));
    }
    view.snapshot = Snapshot::new(population.world()).with(changes).into();
    parts.replica.publish(view);
    let active = investors.iter().filter(|record| record.profile.is_active());
    let path = |id| format!("/v1/investors/{id}/matches?limit=20&explain=summary");
    active.map(|record| path(record.profile.id)).collect()
}

/// An access token of somebody who may see every list.
fn token(parts: &Parts, address: SocketAddr) -> String {
    let hash = Hasher::new(64, 1).expect("hasher").hash_now(&Password::new(PASSWORD)).expect("hash");
    let email = Email::parse(ADDRESS).expect("address");
    let act = Act::system(Clock::System.now(), "bench");
    parts
        .edge
        .db
        .write_now(move |conn| people::create_admin(conn, &act, &email, None, &hash))
        .expect("admin");
    let body = json!({"email": ADDRESS, "password": PASSWORD}).to_string();
    let mut caller = Caller::new(address);
    let head = "Content-Type: application/json\r\n";
    let answer = caller.call(&format!(
        "POST /v1/sessions HTTP/1.1\r\nHost: bench\r\n{head}Content-Length: {}\r\n\r\n{body}",
        body.len()
    ));
    let session: Value = serde_json::from_slice(answer).expect("a session");
    session["access_token"].as_str().expect("a token").to_owned()
}

/// The handler that has every answer ready.
async fn ready(
    cx: Cx<SignedIn>,
    request: HttpRequest,
    answers: Data<HashMap<String, Bytes>>,
) -> HttpResponse {
    cx.read(|_, _| Ok(())).await.expect("admitted");
    let bytes = answers.get(request.path()).expect("a known list").clone();
    HttpResponse::Ok().content_type("application/json").body(bytes)
}

fn serve_ready(parts: Parts, answers: HashMap<String, Bytes>) -> SocketAddr {
    let answers = Data::new(answers);
    let (tell, hear) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let server = HttpServer::new(move || {
                App::new()
                    .app_data(parts.edge.clone())
                    .app_data(answers.clone())
                    .route("/v1/investors/{id}/matches", web::get().to(ready))
                    .wrap(from_fn(middleware::wrap))
            });
            let server = server.workers(2).bind(("127.0.0.1", 0)).expect("binds");
            tell.send(server.addrs()[0]).expect("heard");
            server.run().await.expect("serves");
        });
    });
    hear.recv().expect("started")
}

/// One connection.
struct Caller {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Caller {
    fn new(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("connects");
        stream.set_nodelay(true).expect("option");
        Self { stream, buffer: Vec::new() }
    }

    /// Sends a request and returns the body of a 2xx answer.
    fn call(&mut self, request: &str) -> &[u8] {
        self.stream.write_all(request.as_bytes()).expect("sent");
        self.buffer.clear();
        let mut chunk = [0; 65_536];
        loop {
            let count = self.stream.read(&mut chunk).expect("answered");
            assert!(count > 0, "the connection was closed");
            self.buffer.extend_from_slice(&chunk[..count]);
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
            assert!(head.starts_with("http/1.1 2"), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let all = end + 4 + length.and_then(|n| n.parse::<usize>().ok()).expect("a length");
            if self.buffer.len() >= all {
                return &self.buffer[end + 4..all];
            }
        }
    }
}

fn request(path: &str, token: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n")
}

fn rows(answer: &[u8]) -> Vec<Value> {
    let mut page: Value = serde_json::from_slice(answer).expect("a page");
    page["data"].as_array_mut().map(std::mem::take).expect("rows")
}

/// Requests a second.
fn rate(address: SocketAddr, requests: &[String]) -> usize {
    let (next, done, began) = (AtomicUsize::new(0), AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                let mut caller = Caller::new(address);
                while began.elapsed() < SPAN {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    caller.call(&requests[at % requests.len()]);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    done.load(Ordering::Relaxed) * 1_000 / began.elapsed().as_millis() as usize
}

/// The rows of an answer, every one of the population.
fn rows_of_population(answer: &[u8]) -> Vec<Value> {
    let rows = rows(answer);
    let ours = |row: &Value| row["startup"]["name"].as_str().is_some_and(|name| name.starts_with(NAME));
    assert!(rows.iter().all(ours), "a startup of the demo world is in a list");
    rows
}

/// The requests for a page that is full, with what is answered.
fn full_pages(address: SocketAddr, paths: Vec<String>, token: &str) -> Vec<(String, String, Bytes)> {
    let mut caller = Caller::new(address);
    let asked = paths.into_iter().map(|path| {
        let request = request(&path, token);
        let answer = Bytes::copy_from_slice(caller.call(&request));
        (path, request, answer)
    });
    asked.filter(|(.., answer)| rows_of_population(answer).len() == ROWS).collect()
}

fn main() {
    let (parts, address) = serve();
    let token = token(&parts, address);
    let paths = populate(&parts);
    let pages = full_pages(address, paths, &token);
    let requests: Vec<String> = pages.iter().map(|(_, request, _)| request.clone()).collect();
    let plain = |path: &str| path.split('?').next().expect("a path").to_owned();
    let held = pages.iter().map(|(path, _, answer)| (plain(path), answer.clone())).collect();
    let beside = serve_ready(parts.clone(), held);
    let (mut same, mut caller) = (Caller::new(beside), Caller::new(address));
    for (_, request, answer) in &pages {
        assert_eq!(same.call(request), answer, "the same bytes");
        assert_eq!(rows(caller.call(request)), rows(answer), "the same rows each time");
    }
    let weighted =
        |(path, ..): &(String, String, Bytes)| request(&format!("{path}&weights=sector:300"), &token);
    let weighted: Vec<String> = pages.iter().map(weighted).collect();
    let [mut ready, mut ours, mut anew] = [0; 3];
    for _ in 0..ROUNDS {
        ready += rate(beside, &requests);
        ours += rate(address, &requests);
        anew += rate(address, &weighted);
    }
    let (stop, mut changing, mut changes) = (AtomicBool::new(false), 0, 0);
    std::thread::scope(|scope| {
        let reviser = scope.spawn(|| change(&parts, &stop));
        changing = rate(address, &requests);
        stop.store(true, Ordering::Relaxed);
        changes = reviser.join().expect("revised");
    });
    rows_of_population(Caller::new(address).call(&requests[0]));
    let bytes = pages.iter().map(|(.., answer)| answer.len()).sum::<usize>() / pages.len();
    println!(
        "GET /v1/investors/{{id}}/matches?limit=20&explain=summary of {} investors among {STARTUPS} startups, \
         {CONNECTIONS} connections, {bytes} bytes each\n",
        pages.len()
    );
    let percent = |rate: usize| rate * 100 * ROUNDS / ready.max(1);
    let print = |what: &str, rate: usize| println!("| {what} | {rate} | {} % |", percent(rate));
    println!("| requests a second | | of the ready ones |\n| --- | ---: | ---: |");
    println!("| the same bytes ready | {} | 100 % |", ready / ROUNDS);
    print("the service", ours / ROUNDS);
    print(&format!("the service, {changes} startups revised meanwhile"), changing);
    print("the service, weights for the query: nothing kept", anew / ROUNDS);
    let verdict = if percent(ours / ROUNDS) >= MUST { "reached" } else { "MISSED" };
    println!("\nat least {MUST} % is wanted of the service: {verdict}");
    std::process::exit(i32::from(percent(ours / ROUNDS) < MUST));
}
