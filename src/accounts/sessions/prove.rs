//! Proving that somebody knows the password.
//!
//! Invariant: a wrong password and an unknown address take the same way and end the same. Read next: [`mod@super::sign_in`].

use crate::accounts::passwords::{Password, Passwords};
use crate::accounts::people::{self, Email, Login};
use crate::db::Db;
use crate::identity::PersonState;
use crate::identity::Principal;
use crate::kernel::{
    error::{Code, Error, Result},
    time::Timestamp,
};
use std::net::IpAddr;

/// Somebody who proved to know the password.
#[derive(Clone)]
pub struct Proof {
    /// Who.
    pub login: Login,
    /// A stronger hash of the same password, if the stored one is weaker than what is made today.
    pub stronger: Option<String>,
}

/// Proves an address and a password to belong together.
pub async fn prove(
    db: &Db,
    passwords: &Passwords,
    (email, password): (&Email, &Password),
    peer: IpAddr,
    now: Timestamp,
) -> Result<Proof> {
    let attempt = passwords.throttle.attempt(email.folded(), peer, now)?;
    let proof = match compare(db, passwords, email, password).await {
        Ok(Some(proof)) => {
            attempt.succeeded();
            proof
        }
        Ok(None) => {
            return Err(Error::new(Code::InvalidCredentials, "the address and the password do not match"));
        }
        Err(error) => {
            attempt.withdraw();
            return Err(error);
        }
    };
    if proof.login.state == PersonState::Suspended {
        return Err(Error::new(Code::AccountSuspended, "an administrator suspended this account"));
    }
    Ok(proof)
}

async fn compare(
    db: &Db,
    passwords: &Passwords,
    email: &Email,
    password: &Password,
) -> Result<Option<Proof>> {
    let wanted = email.clone();
    let login = db.read(move |conn| people::login(conn, &wanted)).await?;
    let stored = login.as_ref().map(|l| l.password_hash.as_str());
    if !passwords.hasher.verify(password, stored).await? {
        return Ok(None);
    }
    let Some(login) = login else { return Ok(None) };
    let weak = passwords.hasher.outdated(&login.password_hash);
    let stronger = if weak { Some(passwords.hasher.hash(password).await?) } else { None };
    Ok(Some(Proof { login, stronger }))
}

/// Proves that whoever is signed in knows the current password, and gives the stored hash.
pub async fn reprove(
    db: &Db,
    passwords: &Passwords,
    by: &Principal,
    password: &Password,
    (peer, now): (IpAddr, Timestamp),
) -> Result<(people::Person, String)> {
    let number = by.number;
    let (person, login) = db.read(move |conn| people::addressee_login(conn, number)).await?;
    let attempt = passwords.throttle.attempt(&by.id.to_string(), peer, now)?;
    match passwords.hasher.verify(password, Some(&login.password_hash)).await {
        Ok(true) => attempt.succeeded(),
        Ok(false) => return Err(Error::new(Code::ReauthenticationRequired, "the current password is wrong")),
        Err(error) => {
            attempt.withdraw();
            return Err(error);
        }
    }
    Ok((person, login.password_hash))
}
