//! `springboard admin`.
//!
//! Invariant: a password is read from the environment or standard input, never from an argument, and never printed.
//! Read next: [`crate::accounts::people`].

use super::{Failure, existing, say::say};
use crate::accounts::{
    Email, PersonName,
    passwords::{Hasher, Password, Policy},
    people::{self, Person},
};
use crate::db::{self, Conn, Target};
use crate::events::Act;
use crate::kernel::{
    error::{Error, Result},
    time::Clock,
};
use crate::program::config::ARGON2_MEMORY;
use clap::{Args, Subcommand};
use std::{
    io::{self, BufRead, IsTerminal},
    process::{Command, Stdio},
};

/// What to do with platform admins and other people.
#[derive(Subcommand)]
#[command(
    after_help = "A password comes from SPRINGBOARD_ADMIN_PASSWORD, or else is the first line of standard input."
)]
pub enum Options {
    /// Make a platform admin with a confirmed address
    Create(New),
    /// Make somebody who has an account a platform admin
    Grant(Who),
    /// Let somebody be no platform admin any more
    Revoke(Who),
    /// Set a new password and end every session of the person
    ResetPassword(Known),
    /// Keep a person out and end every session of theirs
    Disable(Who),
    /// Let a person in again
    Enable(Who),
}

/// Somebody with an account.
#[derive(Args)]
pub struct Who {
    /// The e-mail address of the person
    #[arg(long)]
    email: String,
}

/// Somebody with an account, and the new password.
#[derive(Args)]
pub struct Known {
    #[command(flatten)]
    who: Who,
    #[command(flatten)]
    secret: Secret,
}

/// Somebody without an account yet.
#[derive(Args)]
pub struct New {
    #[command(flatten)]
    who: Who,
    /// What the person is called
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    secret: Secret,
}

/// The password, when it comes from the environment.
#[derive(Args)]
pub struct Secret {
    #[arg(long, env = "SPRINGBOARD_ADMIN_PASSWORD", hide = true, hide_env_values = true)]
    password_of_environment: Option<String>,
}

/// Runs the command.
pub fn run(target: &Target, options: &Options) -> Result<(), Failure> {
    let act = |command: &str| Act::system(Clock::System.now(), command);
    match options {
        Options::Create(new) => create(target, new, act("admin create")),
        Options::ResetPassword(known) => reset(target, known, act("admin reset-password")),
        Options::Grant(who) => change(target, who, move |conn, person| {
            people::set_admin(conn, &act("admin grant"), person, true)
        }),
        Options::Revoke(who) => change(target, who, move |conn, person| {
            people::set_admin(conn, &act("admin revoke"), person, false)
        }),
        Options::Disable(who) => {
            change(target, who, move |conn, person| people::suspend(conn, &act("admin disable"), person))
        }
        Options::Enable(who) => {
            change(target, who, move |conn, person| people::lift(conn, &act("admin enable"), person))
        }
    }
}

fn create(target: &Target, new: &New, act: Act) -> Result<(), Failure> {
    let email = new.who.email()?;
    let name = new.name.as_deref().map(|n| PersonName::of_field(n, "")).transpose();
    let name =
        name.map_err(|e| Failure::Usage(format!("the name cannot be used: {}", e.fields[0].detail)))?;
    let hash = new.secret.hash(&email, new.name.as_deref())?;
    db::migrate(target)?;
    let (_, id) = existing(target)?
        .write_now(move |conn| people::create_admin(conn, &act, &email, name.as_ref(), &hash))?;
    say!("{id}");
    Ok(())
}

fn reset(target: &Target, known: &Known, act: Act) -> Result<(), Failure> {
    let hash = known.secret.hash(&known.who.email()?, None)?;
    change(target, &known.who, move |conn, person| people::set_password(conn, &act, person, &hash))
}

/// Changes the person with that address.
fn change(
    target: &Target,
    who: &Who,
    verb: impl FnOnce(&mut Conn, &Person) -> Result<()> + Send + 'static,
) -> Result<(), Failure> {
    let email = who.email()?;
    let id = existing(target)?.write_now(move |conn| {
        let person = people::by_email(conn, &email)?;
        let person = person
            .ok_or_else(|| Error { detail: "nobody has this address".to_owned(), ..Error::not_found() })?;
        verb(conn, &person)?;
        Ok(person.id)
    })?;
    say!("{id}");
    Ok(())
}

impl Who {
    fn email(&self) -> Result<Email, Failure> {
        Email::parse(&self.email).ok_or_else(|| Failure::Usage("this is not an e-mail address".to_owned()))
    }
}

impl Secret {
    /// The hash of the password, if that is not too easy to guess.
    fn hash(&self, email: &Email, name: Option<&str>) -> Result<String, Failure> {
        let text = match &self.password_of_environment {
            Some(password) => password.clone(),
            None => read().map_err(|e| Failure::Runtime(format!("no password could be read: {e}")))?,
        };
        let password = Password::new(&text);
        let judged = Policy::default().judge(&password, email.as_str(), name, "");
        judged.map_err(|e| Failure::Usage(e.detail))?;
        Ok(Hasher::new(ARGON2_MEMORY, 1)?.hash_now(&password)?)
    }
}

/// The first line of standard input, not shown while it is typed.
fn read() -> io::Result<String> {
    let typed = io::stdin().is_terminal();
    if typed {
        eprint!("Password: ");
        echo("-echo");
    }
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if typed {
        echo("echo");
        eprintln!();
    }
    read.map(|_| line.trim_end_matches(['\r', '\n']).to_owned())
}

fn echo(mode: &str) {
    let _shown_if_there_is_no_stty = Command::new("stty").arg(mode).stderr(Stdio::null()).status();
}
