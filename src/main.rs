//! The program: everything is in the library.
//!
//! Invariant: the allocator is chosen here and nowhere else; `benches/http.rs` takes the same.
//! Read next: `springboard::cli`.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    springboard::cli::run()
}
