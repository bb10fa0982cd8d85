//! Signing in: a proven password becomes a session.
//!
//! Invariant: the proof was made outside the transaction, so the hash that it names is compared again inside. Read next:
//! [`crate::identity::sessions`].

use super::prove::Proof;
use crate::accounts::people;
use crate::db::Conn;
use crate::events::Act;
use crate::identity::Keys;
use crate::identity::sessions::{self, Opened};
use crate::kernel::error::{Code, Error, Result};

/// Opens a session for a proven person, and stores the stronger hash of the proof where there is one.
///
/// # Errors
/// `invalid_credentials` where the password has been changed since it was proven.
pub fn sign_in(conn: &mut Conn, act: &Act, keys: &Keys, proof: &Proof) -> Result<Opened> {
    let login = &proof.login;
    let hash = proof.stronger.as_deref().unwrap_or(&login.password_hash);
    if !people::rehash(conn, login.number, &login.password_hash, hash)? {
        return Err(Error::new(Code::InvalidCredentials, "the address and the password do not match"));
    }
    sessions::open(conn, act, keys, (login.number, login.id))
}
