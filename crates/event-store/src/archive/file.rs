//! Reading an archive: line by line, proving each on the way, without a database.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::ArchiveError;
use super::places::{self, HEADER, Header, PLACE, Place, SECTION_END, TRAILER, Trailer, VERSION};
use crate::audit::{Expected, Flaw, PublicKey, Verified, Verifier};
use crate::partitions::Month;
use crate::{Position, StoreError};

/// No line is longer.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// What a sound archive proves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchiveVerified {
    /// Which month.
    pub month: Month,
    /// Accounts with events in it; the part of each account's chain is complete and unchanged.
    pub accounts: i64,
    /// Messages.
    pub messages: i64,
    /// Events.
    pub events: i64,
    /// Hash of the content.
    pub sha256: String,
    /// Whose signature it carries.
    pub public_key: String,
    /// Was the key given by the holder, rather than taken from the file?
    pub key_was_given: bool,
}

/// The first line of an archive that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveBroken {
    /// A line.
    #[error("line {line}: {flaw}")]
    Line {
        /// 1 is the first (of the unpacked file).
        line: u64,
        /// What is wrong.
        flaw: String,
    },
    /// The packing.
    #[error("it cannot be unpacked: {0}")]
    Packing(String),
    /// Something else.
    #[error("it is not an archive of Recado")]
    NotAnArchive,
    /// Lines are missing.
    #[error("it breaks off: its last line is missing")]
    CutOff,
}

/// One thing after the other.
pub(super) enum Item {
    /// An event of the month, with its place in the log.
    Event { ordinal: i64, place: Position, line: String },
    /// An account's part is complete and sound.
    Section(Box<Verified>),
    /// The file is complete and sound.
    End(Box<ArchiveVerified>),
}

/// Reads one archive.
pub(super) struct ArchiveReader {
    lines: BufReader<MultiGzDecoder<BufReader<File>>>,
    expected: Option<PublicKey>,
    number: u64,
    hash: Sha256,
    header: Header,
    section: Option<Verifier>,
    place: Option<Position>,
    accounts: i64,
    events: i64,
}

impl ArchiveReader {
    /// Reads the header.
    pub(super) fn open(path: &Path, expected: Option<PublicKey>) -> Result<Self, ArchiveError> {
        let file = File::open(path).map_err(ArchiveError::file(path))?;
        let lines = BufReader::new(MultiGzDecoder::new(BufReader::new(file)));
        let header = Header {
            recado_archive: VERSION,
            month: crate::partitions::month_at(Default::default()),
            first_id: String::new(),
            until_id: String::new(),
            made_at: String::new(),
        };
        let mut reader =
            Self { lines, expected, number: 0, hash: Sha256::new(), header, section: None, place: None, accounts: 0, events: 0 };
        reader.header = reader.read_header().map_err(broken(path))?;
        Ok(reader)
    }

    fn read_header(&mut self) -> Result<Header, ArchiveBroken> {
        let line = match self.read_line() {
            Ok(Some(line)) if line.starts_with(HEADER) => line,
            _ => return Err(ArchiveBroken::NotAnArchive),
        };
        let header: Header = serde_json::from_str(&line).map_err(|error| self.flaw(error))?;
        if header.recado_archive != VERSION {
            return Err(
                self.flaw(format!("version {} is not known here; this program reads version {VERSION}", header.recado_archive))
            );
        }
        self.hash.update(line.as_bytes());
        Ok(header)
    }

    /// The next item; nothing comes after [`Item::End`].
    pub(super) fn next(&mut self) -> Result<Item, ArchiveBroken> {
        loop {
            let Some(line) = self.read_line()? else { return Err(ArchiveBroken::CutOff) };
            if line.starts_with(TRAILER) {
                return self.end(&line).map(|verified| Item::End(Box::new(verified)));
            }
            self.hash.update(line.as_bytes());
            if line.starts_with(PLACE) {
                let place: Place = serde_json::from_str(&line).map_err(|error| self.flaw(error))?;
                if self.section.is_none() || self.place.replace(place.position()).is_some() {
                    return Err(self.flaw("a place that belongs to no event"));
                }
                continue;
            }
            let expected = Expected { head: None, public_key: self.expected };
            let opens = self.section.is_none();
            let section = self.section.get_or_insert_with(|| Verifier::new(expected));
            if let Err(broken) = section.line(line.as_bytes()) {
                return Err(self.flaw(broken.flaw));
            }
            if line.starts_with(SECTION_END) {
                let Some(section) = self.section.take() else { continue };
                let verified = section.finish().map_err(|broken| self.flaw(broken.flaw))?;
                self.accounts += 1;
                return Ok(Item::Section(Box::new(verified)));
            }
            match (self.place.take(), opens || places::is_hash_alone(&line)) {
                (None, true) => {}
                (Some(place), false) => {
                    let Some(ordinal) = places::ordinal_of(&line) else { return Err(self.flaw("no event")) };
                    self.events += 1;
                    return Ok(Item::Event { ordinal, place, line });
                }
                (Some(_), true) => return Err(self.flaw("a place that belongs to no event")),
                (None, false) => return Err(self.flaw("an event without its place in the log")),
            }
        }
    }

    fn end(&mut self, line: &str) -> Result<ArchiveVerified, ArchiveBroken> {
        let trailer: Trailer = serde_json::from_str(line).map_err(|error| self.flaw(error))?;
        let sha256 = places::digest(std::mem::take(&mut self.hash)).to_string();
        if self.section.is_some() {
            return Err(self.flaw(Flaw::CutOff));
        }
        if !trailer.is_signed() {
            return Err(self.flaw(Flaw::BadSignature));
        }
        if let (Some(expected), Some(key)) = (self.expected, trailer.key())
            && expected != key
        {
            return Err(self.flaw(Flaw::OtherKey(key)));
        }
        if (trailer.sha256.as_str(), trailer.accounts, trailer.events) != (sha256.as_str(), self.accounts, self.events) {
            return Err(self.flaw("the file was changed after it was signed"));
        }
        if self.read_line()?.is_some() {
            return Err(self.flaw(Flaw::AfterTheEnd));
        }
        Ok(ArchiveVerified {
            month: self.header.month,
            accounts: trailer.accounts,
            messages: trailer.messages,
            events: trailer.events,
            sha256,
            public_key: trailer.public_key,
            key_was_given: self.expected.is_some(),
        })
    }

    fn read_line(&mut self) -> Result<Option<String>, ArchiveBroken> {
        let mut bytes = Vec::new();
        self.number += 1;
        let read = Read::take(&mut self.lines, LONGEST_LINE).read_until(b'\n', &mut bytes);
        match read.map_err(|error| ArchiveBroken::Packing(error.to_string()))? {
            0 => Ok(None),
            _ => String::from_utf8(bytes).map(Some).map_err(|_| self.flaw("it is not UTF-8")),
        }
    }

    fn flaw(&self, flaw: impl ToString) -> ArchiveBroken {
        ArchiveBroken::Line { line: self.number, flaw: flaw.to_string() }
    }
}

pub(super) fn broken(path: &Path) -> impl Fn(ArchiveBroken) -> ArchiveError {
    let path = path.to_owned();
    move |why| ArchiveError::Broken { path: path.clone(), why }
}

/// Does it look like an archive, rather than like an audit export?
///
/// # Errors
/// It cannot be read.
pub fn is_archive(path: &Path) -> io::Result<bool> {
    let mut magic = [0; 2];
    let read = File::open(path)?.read(&mut magic)?;
    Ok(read == 2 && magic == [0x1f, 0x8b])
}

/// Proves an archive without a database: every event against its hash, every account's part of the chain, the whole against the signature
/// (of `expected`, or of the key that the file names).
///
/// # Errors
/// The first line that is not as it must be.
pub fn verify_file(path: &Path, expected: Option<PublicKey>) -> Result<ArchiveVerified, ArchiveError> {
    let mut reader = ArchiveReader::open(path, expected)?;
    loop {
        if let Item::End(verified) = reader.next().map_err(broken(path))? {
            return Ok(*verified);
        }
    }
}

/// What the database needs of an event's line.
#[derive(Debug, serde::Deserialize)]
pub(super) struct EventLine {
    pub account: uuid::Uuid,
    pub aggregate_type: String,
    pub aggregate_id: String,
    pub sequence: i64,
    pub event_type: String,
    pub event_version: String,
    pub occurred_at: recado_kernel::Timestamp,
    pub recorded_at: recado_kernel::Timestamp,
    pub actor: String,
    pub door: String,
    pub command_id: uuid::Uuid,
    pub correlation_id: uuid::Uuid,
    pub causation_id: Option<uuid::Uuid>,
    pub payload: serde_json::Value,
}

impl EventLine {
    pub(super) fn read(line: &str) -> Result<Self, StoreError> {
        serde_json::from_str(line).map_err(|error| StoreError::Unreadable(error.to_string()))
    }
}
