//! A socket without a client library, for requests that a library would put right.
//!
//! Invariant: nothing is waited for longer than ten seconds. Read next: [`super::limits`].

use crate::harness::TestApp;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// What came back, and whether the server then hung up.
#[derive(Debug)]
pub struct RawAnswer {
    pub status: u16,
    pub head: String,
    pub body: String,
    pub closed: bool,
}

impl RawAnswer {
    /// A header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|l| l.split_once(':'));
        lines.filter(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim()).next()
    }

    /// The code of a problem document.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Sends the bytes and reads one answer.
pub fn send(app: &TestApp, bytes: &[u8]) -> RawAnswer {
    let mut socket = connect(app);
    // The server may hang up before it has read everything; its answer is what counts.
    let _hung_up = socket.write_all(bytes);
    answer(&mut socket)
}

/// Opens a connection.
pub fn connect(app: &TestApp) -> TcpStream {
    let socket = TcpStream::connect(app.base.trim_start_matches("http://")).expect("connects");
    socket.set_read_timeout(Some(Duration::from_secs(10))).expect("timeout");
    socket
}

/// Reads one answer.
pub fn answer(socket: &mut TcpStream) -> RawAnswer {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") && matches!(socket.read(&mut byte), Ok(1)) {
        bytes.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let mut answer = RawAnswer { status, head, body: String::new(), closed: false };
    let length = answer.header("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    if socket.read_exact(&mut body).is_ok() {
        answer.body = String::from_utf8_lossy(&body).into_owned();
    }
    let announced = answer.header("connection").is_some_and(|v| v.eq_ignore_ascii_case("close"));
    answer.closed = announced && matches!(socket.read(&mut byte), Ok(0) | Err(_));
    answer
}
