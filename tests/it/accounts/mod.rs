//! People, passwords, sessions and tokens, as a client meets them.
//!
//! Invariant: tests are named after the cases of the security catalogue they cover. Read next: [`people`].

mod commands;
mod login;
mod passwords;
mod people;
mod sessions;
mod tokens;
