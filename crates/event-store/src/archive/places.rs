//! The lines of an archive that are not lines of an audit export.
//!
//! ```text
//! {"recado_archive":1,"month":"2026-05","first_id":…,"until_id":…,"made_at":…}
//! {"recado_audit":2,"account":…}             an export of one account, as `recado audit export` writes it;
//! {"place":[txid,position]}                  before each event of the month its place in the log,
//! {"ordinal":41,"account":…}                 the event;
//! {"ordinal":42,"archived":true,…}           events of other months in between: their hash alone
//! {"end":true,…}
//! …                                          the next account
//! {"archive_end":true,…}                     counts and the hash of all lines before, signed
//! ```

use serde::{Deserialize, Serialize};

use crate::audit::{Digest, PublicKey, from_hex, to_hex};
use crate::partitions::Month;
use crate::{Position, StoreError};

pub(super) const VERSION: u32 = 1;
pub(super) const HEADER: &str = "{\"recado_archive\":";
pub(super) const PLACE: &str = "{\"place\":";
pub(super) const SECTION_END: &str = "{\"end\":true";
pub(super) const TRAILER: &str = "{\"archive_end\":true";

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub recado_archive: u32,
    pub month: Month,
    pub first_id: String,
    pub until_id: String,
    pub made_at: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub place: (i64, i64),
}

impl Place {
    pub(super) const fn position(&self) -> Position {
        Position { txid: self.place.0, position: self.place.1 }
    }
}

/// The last line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Trailer {
    pub archive_end: bool,
    pub accounts: i64,
    pub messages: i64,
    pub events: i64,
    pub sha256: String,
    pub public_key: String,
    pub signature: String,
}

impl Trailer {
    /// What is signed; everything else is covered by the hash.
    pub(super) fn message(&self) -> String {
        let Self { accounts, messages, events, sha256, .. } = self;
        format!("recado.archive.1\n{accounts}\n{messages}\n{events}\n{sha256}\n")
    }

    pub(super) fn key(&self) -> Option<PublicKey> {
        self.public_key.parse().ok()
    }

    pub(super) fn is_signed(&self) -> bool {
        let signature = from_hex::<64>(&self.signature);
        self.key().zip(signature).is_some_and(|(key, signature)| key.verifies(self.message().as_bytes(), &signature))
    }
}

pub(super) fn signature_text(signature: &[u8; 64]) -> String {
    to_hex(signature)
}

pub(super) fn line<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map(|text| text + "\n").map_err(|error| StoreError::Unreadable(error.to_string()))
}

/// `{"ordinal":41,…`: the number.
pub(super) fn ordinal_of(line: &str) -> Option<i64> {
    let rest = line.strip_prefix("{\"ordinal\":")?;
    rest.split_once(',')?.0.parse().ok()
}

/// Is it the line of an event that is not in this file?
pub(super) fn is_hash_alone(line: &str) -> bool {
    line.split_once(',').is_some_and(|(_, rest)| rest.starts_with("\"archived\":true"))
}

/// The hash of everything so far.
pub(super) fn digest(hash: sha2::Sha256) -> Digest {
    Digest::from_bytes(&sha2::Digest::finalize(hash)).unwrap_or_else(|| Digest::of(b""))
}
