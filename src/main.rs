//! The program: everything is in the library.
//!
//! Invariant: memory comes from an allocator made for many threads, as `benches/http.rs` measures it.
//! Read next: `springboard::cli`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    springboard::cli::run()
}
