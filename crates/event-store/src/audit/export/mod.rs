//! A history as a file: an opening line, one line per event, an end line with a signature. Two formats with the same content.

mod csv;
mod exporter;
mod jsonl;
mod writer;

use std::str::FromStr;

use recado_kernel::{AccountId, Timestamp};

pub(crate) use exporter::head_after;
pub use exporter::{ExportError, Exporter};
pub use writer::Writer;

use super::fields::Fields;
use super::keys::PublicKey;
use super::{Digest, digest};

/// The version of the format, in the opening line. Version 1 signed no [`End::content`].
pub(super) const VERSION: u32 = 2;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line.
    Jsonl,
    /// Comma-separated values; cells that a spreadsheet would take for a formula begin with an apostrophe.
    Csv,
}

/// Not a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the format is jsonl or csv")]
pub struct InvalidFormat;

impl FromStr for Format {
    type Err = InvalidFormat;
    fn from_str(text: &str) -> Result<Self, InvalidFormat> {
        match text {
            "jsonl" => Ok(Self::Jsonl),
            "csv" => Ok(Self::Csv),
            _ => Err(InvalidFormat),
        }
    }
}

impl Format {
    /// Also the file name's ending.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
        }
    }

    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jsonl => "application/jsonl; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// Lines before the first event.
    pub(super) const fn opening_lines(self) -> u64 {
        match self {
            Self::Jsonl => 1,
            Self::Csv => 2,
        }
    }

    pub(super) fn write_opening(self, opening: &Opening) -> String {
        match self {
            Self::Jsonl => jsonl::opening(opening),
            Self::Csv => csv::opening(opening),
        }
    }

    pub(super) fn write_line(self, line: &Line) -> String {
        match self {
            Self::Jsonl => jsonl::line(line),
            Self::Csv => csv::line(line),
        }
    }

    pub(super) fn write_end(self, end: &End) -> String {
        match self {
            Self::Jsonl => jsonl::end(end),
            Self::Csv => csv::end(end),
        }
    }

    pub(super) fn read_opening(self, text: &str) -> Result<Opening, String> {
        match self {
            Self::Jsonl => jsonl::read_opening(text),
            Self::Csv => csv::read_opening(text),
        }
    }

    pub(super) fn read_next(self, text: &str) -> Result<Next, String> {
        match self {
            Self::Jsonl => jsonl::read_next(text),
            Self::Csv => csv::read_next(text),
        }
    }
}

/// The first line: what the file holds and where in the chain it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whose history.
    pub account: AccountId,
    /// The period that was asked for.
    pub from: Option<Timestamp>,
    /// Its end (not included).
    pub until: Option<Timestamp>,
    /// Number of the event before the first line; 0 at the beginning of the chain.
    pub after_ordinal: i64,
    /// The head after that event.
    pub previous_head: Digest,
    /// When the file was made.
    pub exported_at: Timestamp,
}

/// One event's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// 1, 2, 3 … within the account.
    pub ordinal: i64,
    /// The event; `None` when it is kept elsewhere and only its hash stands here.
    pub fields: Option<Fields>,
    /// Its hash.
    pub leaf: Digest,
    /// The head after it.
    pub head: Digest,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// How many event lines.
    pub count: i64,
    /// Number of the last event.
    pub last_ordinal: i64,
    /// The head after it.
    pub head: Digest,
    /// Hash of the lines before the first event, line ends included.
    pub opening: Digest,
    /// Hash of every line before this one, line ends included: also says which events stand here in full.
    pub content: Digest,
    /// Whose signature.
    pub public_key: PublicKey,
    /// Ed25519 over [`Self::message`].
    pub signature: [u8; 64],
}

impl End {
    /// What is signed. The head covers the events; it is the same when one is replaced by its hash, so the lines are signed, too.
    pub(super) fn message(&self) -> String {
        let Self { count, last_ordinal, head, opening, content, .. } = self;
        format!("recado.audit.export.2\n{opening}\n{content}\n{count}\n{last_ordinal}\n{head}\n")
    }
}

/// What a line after the opening is.
pub(super) enum Next {
    Event(Box<Line>),
    End(End),
}

fn moment(at: Timestamp) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

fn signature_text(signature: &[u8; 64]) -> String {
    digest::to_hex(signature)
}

fn signature(text: &str) -> Result<[u8; 64], String> {
    digest::from_hex(text).ok_or_else(|| "the signature is not 128 hex digits".to_owned())
}
