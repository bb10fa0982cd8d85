//! The real binary as a child process, for what a test cannot do to itself: dying and being told to stop.
//!
//! Invariant: only the child that was started here is ever signalled, and it ends with its value.
//! Read next: `tests/it/faults.rs`.

use springboard::db::Target;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

/// A serving child process.
pub struct Process {
    pub base: String,
    child: Child,
}

impl Process {
    /// Starts `springboard serve` and waits until it listens.
    pub fn serve(target: &Target, data: &Path, more: &[&str]) -> Self {
        Self::start(target, data, more, ("error", Stdio::inherit()))
    }

    /// The same, with its log lines of that filter in a file.
    pub fn serve_logging(target: &Target, data: &Path, filter: &str, log: &Path) -> Self {
        let log = std::fs::File::create(log).expect("a file");
        Self::start(target, data, &[], (filter, log.into()))
    }

    fn start(target: &Target, data: &Path, more: &[&str], (filter, log): (&str, Stdio)) -> Self {
        let database = match target {
            Target::Sqlite(path) => format!("sqlite:{}", path.display()),
            Target::Postgres(url) => url.clone(),
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_springboard"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--argon2-memory", "64", "--log", filter]);
        command.args(["--database", &database]).arg("--data").arg(data).args(more);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("starts");
        let mut line = String::new();
        let output = child.stdout.as_mut().expect("piped");
        BufReader::new(output).read_line(&mut line).expect("reads");
        let base = line.trim().strip_prefix("listening on ").map(str::to_owned);
        Self { base: base.unwrap_or_else(|| panic!("it did not start: {line}")), child }
    }

    /// Ends it as a power failure would: without a chance to do anything.
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("waited");
    }

    /// Asks it to stop, as an operator does.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
    }

    /// Waits until it has ended.
    pub fn ended(mut self) -> ExitStatus {
        self.child.wait().expect("waited")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _waited_already = self.child.wait();
    }
}
