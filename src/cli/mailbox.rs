//! `springboard mailbox`.
//!
//! Invariant: needs no database and changes nothing. Read next: [`crate::notices::mailbox`].

use super::{Failure, say::say};
use crate::notices::mailbox;
use clap::Args;
use std::path::{Path, PathBuf};

/// Which mails to show.
#[derive(Args)]
pub struct Options {
    /// Only mails to this address
    #[arg(long)]
    to: Option<String>,
    /// Only the last of them
    #[arg(long)]
    last: bool,
    /// The folder that `serve --data` names
    #[arg(long, env = "SPRINGBOARD_DATA", default_value = "data")]
    data: PathBuf,
}

/// Prints the mails that were not sent but written to files, the oldest first.
pub fn run(options: &Options) -> Result<(), Failure> {
    let folder = mailbox::folder(&options.data);
    let mut mails =
        mailbox::read(&options.data).map_err(|e| Failure::Runtime(format!("{}: {e}", folder.display())))?;
    mails.retain(|mail| options.to.as_deref().is_none_or(|to| mail.is_for(to)));
    if options.last {
        mails.drain(..mails.len().saturating_sub(1));
    }
    if mails.is_empty() {
        eprintln!("{}", nothing(options, &folder));
    }
    for mail in mails {
        say!("--- {}", mail.file);
        for name in ["Date", "From", "To", "Subject"] {
            say!("{name}: {}", mail.header(name));
        }
        say!("\n{}", mail.text);
    }
    Ok(())
}

/// Why no mail is shown.
fn nothing(options: &Options, folder: &Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    match &options.to {
        _ if !folder.exists() => format!(
            "there is no mailbox: no folder {}; --data names the folder that `serve --data` does, and `serve` \
             without a mail server makes a mailbox there",
            whole.display()
        ),
        None => format!("no mails in {}", whole.display()),
        Some(to) => format!("no mails to {to} in {}", whole.display()),
    }
}
