//! How mails leave: by SMTP, or as files.
//!
//! Invariant: headers are written by the mail library from checked addresses; a file appears whole or not at all, and
//! only the owner may read it. Read next: [`super::mailbox`].

use super::Letter;
use crate::kernel::{
    error::{Code, Error, Result},
    text,
};
use lettre::{
    Address, Message, SmtpTransport,
    message::{
        Body, Mailbox,
        header::{ContentTransferEncoding, ContentType},
    },
};
use std::{
    fmt,
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

/// How long the mail server may take for one step.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The most characters of a name in a header; a longer or unclean one is left out.
const NAME: usize = 200;

/// The most bytes of a line of a mail.
const LINE: usize = 998;

/// The options of sending mails.
#[derive(Clone)]
pub struct MailOptions {
    /// The folder below which mails that are not sent lie.
    pub data: PathBuf,
    /// The sender, as `Name <name@example.org>`.
    pub from: String,
    /// The mail server; `None` makes every mail a file.
    pub smtp_url: Option<String>,
    /// The address that links in mails begin with; `None` for the one that is listened on.
    pub public_url: Option<String>,
}

/// The way of the mails.
pub struct Transport {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(Box<SmtpTransport>),
    Files(PathBuf),
}

/// Why a mail did not leave; names no address.
#[derive(Debug)]
pub struct NotSent(String);

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<lettre::transport::smtp::Error> for NotSent {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        let status = error.status().map(|code| format!(" {code}")).unwrap_or_default();
        Self(match (error.is_timeout(), error.is_response()) {
            (true, _) => "the mail server did not answer in time".to_owned(),
            (_, true) => format!("the mail server refused{status}"),
            _ => format!("the mail server cannot be reached or refused{status}"),
        })
    }
}

impl From<io::Error> for NotSent {
    fn from(error: io::Error) -> Self {
        Self(format!("the mailbox cannot be written: {}", error.kind()))
    }
}

impl Transport {
    /// The way that the options ask for.
    pub fn new(options: &MailOptions) -> Result<Self> {
        let from: Mailbox = options.from.parse().map_err(|_| {
            Error::new(Code::Internal, "--mail-from, SPRINGBOARD_MAIL_FROM: the sender of mails is not of the form Name <name@example.org>")
        })?;
        let way = match &options.smtp_url {
            None => {
                let folder = mailbox(&options.data);
                if let Err(error) = make(&folder) {
                    let (folder, why) = (folder.display(), error.kind());
                    tracing::warn!(%folder, %why, "mails cannot be written to that folder");
                }
                Way::Files(folder)
            }
            Some(url) => {
                let smtp = SmtpTransport::from_url(url).map_err(|_| {
                    Error::new(Code::Internal, "--smtp-url, SPRINGBOARD_SMTP_URL: the URL cannot be read; see springboard serve --help")
                })?;
                Way::Smtp(Box::new(smtp.timeout(Some(TIMEOUT)).build()))
            }
        };
        Ok(Self { from, way })
    }

    /// Sends a letter.
    pub fn send(&self, letter: &Letter) -> Result<(), NotSent> {
        let message = message(&self.from, letter, matches!(self.way, Way::Files(_)))?;
        match &self.way {
            Way::Smtp(smtp) => lettre::Transport::send(&**smtp, &message).map(|_| ()).map_err(NotSent::from),
            Way::Files(folder) => write(folder, &letter.file, &message.formatted()).map_err(NotSent::from),
        }
    }
}

/// The folder of mails that are files.
pub fn mailbox(data: &Path) -> PathBuf {
    data.join("mailbox")
}

fn message(from: &Mailbox, letter: &Letter, as_file: bool) -> Result<Message, NotSent> {
    let unusable = |_| NotSent("the address cannot be used".to_owned());
    let address: Address = letter.address.parse().map_err(unusable)?;
    let name = letter.name.as_deref().and_then(|name| text::line(name, NAME).ok());
    let (seconds, _) = letter.at.parts();
    let message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(letter.subject)
        .date(UNIX_EPOCH + Duration::from_secs(seconds))
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .header(ContentType::TEXT_PLAIN)
        .body(plain(&letter.text, as_file));
    message.map_err(|_| NotSent("the mail cannot be written".to_owned()))
}

/// The text as it is, so that no line is broken inside a token, where the standard of mail allows it so; a file is read as
/// it is, so letters of any script may stand in one.
fn plain(text: &str, as_file: bool) -> Body {
    let text = text.replace('\n', "\r\n");
    let fits = !text.contains('\0') && text.lines().all(|line| line.len() <= LINE);
    match (fits, text.is_ascii()) {
        (true, true) => Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::SevenBit),
        (true, false) if as_file => {
            Body::dangerous_pre_encoded(text.into_bytes(), ContentTransferEncoding::EightBit)
        }
        _ => Body::new(text),
    }
}

fn make(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    make(folder)?;
    let unfinished = folder.join(format!(".{name}.{}", std::process::id()));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(unfinished, folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::Email;
    use crate::kernel::time::Timestamp;
    use std::os::unix::fs::PermissionsExt;

    fn letter(name: &str, address: &str) -> Letter {
        Letter {
            id: "evt_1".to_owned(),
            file: "1.eml".to_owned(),
            at: Timestamp::from_micros(1_700_000_000_000_000),
            name: Some(name.to_owned()),
            address: address.to_owned(),
            subject: "Hello",
            text: format!("A text of \u{c9}mile.\n{}\n", "x".repeat(300)),
        }
    }

    fn files(folder: &Path) -> Transport {
        let from = "Springboard <springboard@example.org>".parse().expect("sender");
        Transport { from, way: Way::Files(folder.to_owned()) }
    }

    #[test]
    fn a_mail_becomes_a_file_that_only_its_owner_reads() {
        let temp = tempfile::tempdir().expect("folder");
        let folder = temp.path().join("mailbox");
        files(&folder).send(&letter("Zo\u{eb}", "zoe@example.org")).expect("sent");
        let path = folder.join("1.eml");
        let text = fs::read_to_string(&path).expect("mail");
        for line in
            ["Subject: Hello", "Message-ID: <evt_1@example.org>", "A text of \u{c9}mile.", "zoe@example.org"]
        {
            assert!(text.contains(line), "{text}");
        }
        assert!(text.contains(&"x".repeat(300)), "{text}");
        assert_eq!(fs::metadata(&path).expect("file").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&folder).expect("folder").count(), 1);
    }

    #[test]
    fn case_41_a_name_with_a_line_break_adds_no_header() {
        let from: Mailbox = "springboard@example.org".parse().expect("sender");
        let sent = message(&from, &letter("Eve\r\nBcc: mallory@example.org", "eve@example.org"), true)
            .expect("built");
        let text = String::from_utf8(sent.formatted()).expect("text");
        assert!(text.lines().all(|line| !line.starts_with("Bcc")), "{text}");
        assert!(message(&from, &letter("Eve", "eve@example.org\r\nBcc: x@example.org"), true).is_err());
    }

    #[test]
    fn every_address_that_may_sign_up_can_be_written_to() {
        let from: Mailbox = "springboard@example.org".parse().expect("sender");
        for address in [
            "ann@example.org",
            "a.b+c=d@x-y.example",
            "o'hara@example.org",
            "{x}|y~z@a.b.c",
            "zo\u{eb}@b\u{fc}cher.example",
        ] {
            assert!(Email::parse(address).is_some(), "{address}");
            assert!(message(&from, &letter("A", address), true).is_ok(), "{address}");
        }
    }
}
