//! Proving an export without a database: line by line, in constant memory.

#[cfg(test)]
mod tests;

use std::io::{self, BufRead};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::export::{End, Format, Line, Next, Opening};
use super::{Digest, PublicKey};

/// No line of an export is longer.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// What the holder of a file knows besides it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expected {
    /// A head noted earlier: it must occur in the file's chain.
    pub head: Option<Digest>,
    /// The installation's public key; without it the signature is checked with the key the file names.
    pub public_key: Option<PublicKey>,
}

/// What a sound file proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Whose history.
    pub account: String,
    /// `jsonl` or `csv`.
    pub format: &'static str,
    /// Event lines.
    pub events: i64,
    /// Of these, lines that hold the hash alone.
    pub archived: i64,
    /// Number of the first event.
    pub first_ordinal: i64,
    /// Number of the last event.
    pub last_ordinal: i64,
    /// Head before the first event.
    pub previous_head: String,
    /// Head after the last event.
    pub head: String,
    /// Whose signature it carries.
    pub public_key: String,
    /// Was the key given by the holder, rather than taken from the file?
    pub key_was_given: bool,
    /// Number of the event after which the chain has the expected head.
    pub expected_head_at: Option<i64>,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// No export at all.
    #[error("this is not a Recado audit export")]
    NotAnExport,
    /// Not a line of an export.
    #[error("the line cannot be read: {0}")]
    Unreadable(String),
    /// The beginning of the chain is another one.
    #[error("the chain does not begin as this account's chain must")]
    WrongBeginning,
    /// Lines are missing.
    #[error("events {from} to {to} are missing before this line")]
    Missing {
        /// First that is missing.
        from: i64,
        /// Last that is missing.
        to: i64,
    },
    /// A line came before, or later lines came first.
    #[error("event {0} comes again, or out of order")]
    Repeated(i64),
    /// Another account's event.
    #[error("the event belongs to another account ({0})")]
    OtherAccount(String),
    /// The event is not what was sealed.
    #[error("the event was changed: its content does not give its hash")]
    Changed,
    /// The event does not follow.
    #[error("the event does not follow from the one before: it was replaced, or the chain was edited")]
    BrokenChain,
    /// Written otherwise than we write.
    #[error("the line is not written as Recado writes it")]
    Spelling,
    /// The end line counts otherwise.
    #[error("the end line was edited or lines were removed: it speaks of {said}, the file has {found}")]
    WrongEnd {
        /// What it says.
        said: String,
        /// What there is.
        found: String,
    },
    /// The first line is another than when the file was signed.
    #[error("the opening was edited: the signature belongs to another one")]
    OpeningChanged,
    /// Signed with another key.
    #[error("the file is signed by another installation (key {0})")]
    OtherKey(PublicKey),
    /// Lines before are not those that were signed.
    #[error(
        "a line before the end is not the one that was signed: an event was replaced by its hash alone, or put back in its place"
    )]
    ContentChanged,
    /// Not signed.
    #[error("the signature is not valid: the file was not made by the holder of the key")]
    BadSignature,
    /// Something after the end.
    #[error("something follows after the end line")]
    AfterTheEnd,
    /// No end.
    #[error("the file breaks off: its end line is missing")]
    CutOff,
    /// The expected head is not there.
    #[error("the head you expect does not occur in this file: it belongs to another history or to another part of it")]
    HeadNotFound,
}

/// The first broken line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {flaw}")]
pub struct Broken {
    /// 1 is the first.
    pub line: u64,
    /// What is wrong.
    pub flaw: Flaw,
}

/// Why a file was not proved.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It is not sound.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// It could not be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Verifies a whole file.
///
/// # Errors
/// The first broken line, or the file cannot be read.
pub fn verify(mut file: impl BufRead, expected: Expected) -> Result<Verified, VerifyError> {
    let mut verifier = Verifier::new(expected);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = io::Read::take(&mut file, LONGEST_LINE).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(verifier.finish()?);
        }
        verifier.line(&line)?;
    }
}

/// Takes a file's lines one after the other.
#[derive(Debug)]
pub struct Verifier {
    expected: Expected,
    number: u64,
    /// What was read of an opening that takes several lines.
    opening_text: String,
    body: Option<Body>,
    verified: Option<Verified>,
}

/// What is known after the opening.
#[derive(Debug)]
struct Body {
    format: Format,
    account: String,
    after_ordinal: i64,
    previous_head: Digest,
    opening: Digest,
    /// Over every line so far.
    content: Sha256,
    next_ordinal: i64,
    head: Digest,
    archived: i64,
    expected_head_at: Option<i64>,
}

impl Verifier {
    /// Nothing read yet.
    #[must_use]
    pub const fn new(expected: Expected) -> Self {
        Self { expected, number: 0, opening_text: String::new(), body: None, verified: None }
    }

    /// The next line, with its line end.
    ///
    /// # Errors
    /// It is the first broken one.
    pub fn line(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        self.number += 1;
        let flaw = match self.take(bytes) {
            Ok(()) => return Ok(()),
            Err(flaw) => flaw,
        };
        let line = if flaw == Flaw::OpeningChanged { 1 } else { self.number };
        Err(Broken { line, flaw })
    }

    /// After the last line.
    ///
    /// # Errors
    /// Something is missing.
    pub fn finish(self) -> Result<Verified, Broken> {
        let flaw = if self.number == 0 { Flaw::NotAnExport } else { Flaw::CutOff };
        let Some(verified) = self.verified else { return Err(Broken { line: self.number + 1, flaw }) };
        if self.expected.head.is_some() && verified.expected_head_at.is_none() {
            return Err(Broken { line: self.number, flaw: Flaw::HeadNotFound });
        }
        Ok(verified)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Flaw> {
        if self.verified.is_some() {
            return Err(Flaw::AfterTheEnd);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Flaw::Unreadable("it is not UTF-8".into()))?;
        let Some(text) = text.strip_suffix('\n') else {
            return Err(if self.number == 1 { Flaw::NotAnExport } else { Flaw::CutOff });
        };
        let Some(body) = &mut self.body else { return self.open(text) };
        match body.format.read_next(text).map_err(Flaw::Unreadable)? {
            Next::Event(line) => {
                body.event(&line, text)?;
                body.content.update(bytes);
                if self.expected.head == Some(body.head) {
                    body.expected_head_at = Some(body.next_ordinal - 1);
                }
            }
            Next::End(end) => self.verified = Some(body.end(&end, text, self.expected)?),
        }
        Ok(())
    }

    fn open(&mut self, text: &str) -> Result<(), Flaw> {
        let format = match (self.number, text) {
            (1, text) if text.starts_with("{\"recado_audit\":") => Format::Jsonl,
            (1, text) if text.starts_with("recado_audit,") => Format::Csv,
            (1, _) => return Err(Flaw::NotAnExport),
            _ => Format::Csv,
        };
        self.opening_text.push_str(text);
        if self.number < format.opening_lines() {
            self.opening_text.push('\n');
            return Ok(());
        }
        let opening: Opening = format.read_opening(&self.opening_text).map_err(Flaw::Unreadable)?;
        self.opening_text.push('\n');
        if format.write_opening(&opening) != self.opening_text {
            return Err(Flaw::Spelling);
        }
        if opening.after_ordinal < 0
            || (opening.after_ordinal == 0) != (opening.previous_head == Digest::genesis(opening.account))
        {
            return Err(Flaw::WrongBeginning);
        }
        let at_beginning = self.expected.head == Some(opening.previous_head);
        self.body = Some(Body {
            format,
            account: opening.account.to_string(),
            after_ordinal: opening.after_ordinal,
            previous_head: opening.previous_head,
            opening: Digest::of(self.opening_text.as_bytes()),
            content: Sha256::new_with_prefix(&self.opening_text),
            next_ordinal: opening.after_ordinal.saturating_add(1),
            head: opening.previous_head,
            archived: 0,
            expected_head_at: at_beginning.then_some(opening.after_ordinal),
        });
        Ok(())
    }
}

impl Body {
    fn event(&mut self, line: &Line, text: &str) -> Result<(), Flaw> {
        if line.ordinal > self.next_ordinal {
            return Err(Flaw::Missing { from: self.next_ordinal, to: line.ordinal - 1 });
        }
        if line.ordinal < self.next_ordinal {
            return Err(Flaw::Repeated(line.ordinal));
        }
        match &line.fields {
            None => self.archived += 1,
            Some(fields) if fields.account() != self.account => {
                return Err(Flaw::OtherAccount(fields.account().to_owned()));
            }
            Some(fields) if fields.leaf() != line.leaf => return Err(Flaw::Changed),
            Some(_) => {}
        }
        if self.head.then(line.leaf) != line.head {
            return Err(Flaw::BrokenChain);
        }
        (self.next_ordinal, self.head) = (line.ordinal.saturating_add(1), line.head);
        self.same(&self.format.write_line(line), text)
    }

    /// One spelling only: what a reader might overlook must not be there.
    fn same(&self, ours: &str, text: &str) -> Result<(), Flaw> {
        if ours.strip_suffix('\n') == Some(text) { Ok(()) } else { Err(Flaw::Spelling) }
    }

    fn end(&self, end: &End, text: &str, expected: Expected) -> Result<Verified, Flaw> {
        let count = self.next_ordinal - 1 - self.after_ordinal;
        if (end.count, end.last_ordinal, end.head) != (count, self.next_ordinal - 1, self.head) {
            let said = format!("{} events up to number {} with head {}", end.count, end.last_ordinal, end.head);
            let found = format!("{count} events up to number {} with head {}", self.next_ordinal - 1, self.head);
            return Err(Flaw::WrongEnd { said, found });
        }
        self.same(&self.format.write_end(end), text)?;
        if let Some(key) = expected.public_key
            && key != end.public_key
        {
            return Err(Flaw::OtherKey(end.public_key));
        }
        // Signed is the opening that the end line names; then it must be the one that is there.
        if !end.public_key.verifies(end.message().as_bytes(), &end.signature) {
            return Err(Flaw::BadSignature);
        }
        if end.opening != self.opening {
            return Err(Flaw::OpeningChanged);
        }
        if end.content != Digest::finished(self.content.clone()) {
            return Err(Flaw::ContentChanged);
        }
        Ok(Verified {
            account: self.account.clone(),
            format: self.format.as_str(),
            events: count,
            archived: self.archived,
            first_ordinal: self.after_ordinal + 1,
            last_ordinal: self.next_ordinal - 1,
            previous_head: self.previous_head.to_string(),
            head: self.head.to_string(),
            public_key: end.public_key.to_string(),
            key_was_given: expected.public_key.is_some(),
            expected_head_at: self.expected_head_at,
        })
    }
}
