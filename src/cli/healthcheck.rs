//! `springboard healthcheck`: for containers, which have no curl.
//!
//! Invariant: success means that the service of this machine answered `/readyz` with 200. Read next: `crate::program::health`.

use super::Failure;
use clap::Args;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(4);

/// Whom to ask.
#[derive(Args)]
pub struct Options {
    /// The address that the service listens on
    #[arg(long, env = "SPRINGBOARD_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

impl Options {
    /// The address under which the service is reached from its own machine.
    fn address(&self) -> SocketAddr {
        let ip = match self.listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        SocketAddr::new(ip, self.listen.port())
    }
}

/// Asks the service whether it should be sent requests.
pub fn run(options: &Options) -> Result<(), Failure> {
    let address = options.address();
    let status = ask(address).map_err(|e| Failure::Runtime(format!("no answer from {address}: {e}")))?;
    if status.starts_with("HTTP/1.1 200 ") {
        return Ok(());
    }
    Err(Failure::Runtime(format!("{address} is not ready: {status}")))
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut socket = TcpStream::connect_timeout(&address, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    socket.take(1024).read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn answering(status: &'static str) -> Options {
        let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
        let listen = listener.local_addr().expect("address");
        std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().expect("accepts");
            let _request = socket.read(&mut [0; 512]).expect("reads");
            write!(socket, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").expect("writes");
        });
        Options { listen }
    }

    #[test]
    fn only_a_ready_service_is_healthy() {
        assert!(run(&answering("200 OK")).is_ok());
        assert!(run(&answering("503 Service Unavailable")).is_err());
        let nobody = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("address");
        assert!(run(&Options { listen: nobody }).is_err());
    }

    #[test]
    fn a_service_that_listens_everywhere_is_asked_on_this_machine() {
        let asked = |listen: &str| Options { listen: listen.parse().expect("address") }.address().to_string();
        assert_eq!(asked("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(asked("[::]:80"), "[::1]:80");
        assert_eq!(asked("10.0.0.7:1"), "10.0.0.7:1");
    }
}
