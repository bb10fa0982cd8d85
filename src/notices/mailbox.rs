//! Reading the mails that are files.
//!
//! Invariant: changes nothing. Read next: `cli::mailbox`.

pub use super::transport::mailbox as folder;

use std::{fs, io, path::Path};

/// A mail that is a file.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The name of the file; mails sort by it.
    pub file: String,
    /// The headers, each on one line.
    pub headers: Vec<String>,
    /// The text.
    pub text: String,
}

impl Mail {
    fn read(file: String, raw: &str) -> Self {
        let raw = raw.replace("\r\n", "\n");
        let (head, text) = raw.split_once("\n\n").unwrap_or((&raw, ""));
        let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
        Self { file, headers: unfolded.lines().map(str::to_owned).collect(), text: text.to_owned() }
    }

    /// The value of a header, empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        let value = |line: &'_ String| {
            line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
        };
        let line = self.headers.iter().find(|line| value(line));
        line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
    }

    /// Whether the mail is for that address.
    pub fn is_for(&self, address: &str) -> bool {
        let to = self.header("To").to_lowercase();
        let address = address.to_lowercase();
        to == address || to.contains(&format!("<{address}>"))
    }
}

/// The mails below the data folder, the oldest first; none if there is no mailbox yet.
pub fn read(data: &Path) -> io::Result<Vec<Mail>> {
    let entries = match fs::read_dir(folder(data)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let mut mails = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".eml") && !name.starts_with('.') {
            mails.push(Mail::read(name, &String::from_utf8_lossy(&fs::read(entry.path())?)));
        }
    }
    mails.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(mails)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_found_by_its_address_whatever_the_name() {
        let raw = "From: a@example.org\r\nTo: =?utf-8?b?Wm/Dqw==?=\r\n <Zoe@example.org>\r\nSubject: x\r\n\r\nText\r\n";
        let mail = Mail::read("1.eml".to_owned(), raw);
        assert!(mail.is_for("zoe@example.org") && !mail.is_for("oe@example.org"));
        assert_eq!((mail.header("subject"), mail.text.as_str()), ("x", "Text\n"));
        assert!(Mail::read("2.eml".to_owned(), "To: ann@example.org\r\n\r\n").is_for("Ann@Example.org"));
    }
}
