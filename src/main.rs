//! The program: everything is in the library. Read next: `springboard::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    springboard::cli::run()
}
