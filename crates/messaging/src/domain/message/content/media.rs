//! Files inside messages: where they lie and what is known of them. The bytes are never here.

use std::fmt;

use recado_kernel::id::InvalidId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A file in the content store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MediaId(Uuid);

impl MediaId {
    /// Wraps an existing UUID.
    #[must_use]
    pub const fn from_uuid(id: Uuid) -> Self {
        Self(id)
    }

    /// The UUID inside.
    #[must_use]
    pub const fn as_uuid(&self) -> Uuid {
        self.0
    }
}

impl fmt::Display for MediaId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl std::str::FromStr for MediaId {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        Uuid::parse_str(text.trim()).map(Self).map_err(|_| InvalidId { kind: "media" })
    }
}

/// A file that lies in the content store, and what is known of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRef {
    /// Where.
    pub id: MediaId,
    /// E.g. `image/jpeg`, `audio/ogg; codecs=opus`.
    pub mime_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the bytes, 64 lower-case hex digits.
    pub digest: String,
    /// As its owner calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Pixels across.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// How long it plays, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
}

/// A file of a message. Engines are only ever given [`Media::Stored`]: what was named by its address is fetched before.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum Media {
    /// In the content store.
    Stored(MediaRef),
    /// Still to be fetched from this http(s) address.
    Remote {
        /// As the client gave it.
        url: String,
    },
}

impl Media {
    /// The file, if it is here.
    #[must_use]
    pub const fn stored(&self) -> Option<&MediaRef> {
        match self {
            Self::Stored(file) => Some(file),
            Self::Remote { .. } => None,
        }
    }

    /// Stands in a file's place until it is known where the file comes from.
    #[must_use]
    pub const fn to_come() -> Self {
        Self::Remote { url: String::new() }
    }

    /// What its digest is made from: the bytes' own, or the address as long as nobody has fetched it.
    #[must_use]
    pub fn identity(&self) -> &str {
        match self {
            Self::Stored(file) => &file.digest,
            Self::Remote { url } => url,
        }
    }
}

impl From<MediaRef> for Media {
    fn from(file: MediaRef) -> Self {
        Self::Stored(file)
    }
}

/// What a file is used for: decides its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MediaUse {
    /// A picture, also as preview or header.
    Image,
    /// Sound.
    Audio,
    /// A film, also as GIF or round film.
    Video,
    /// Any file.
    Document,
    /// A sticker.
    Sticker,
}
