//! Messages that carry a file.

use recado_kernel::{PhoneNumber, WireId};
use serde::{Deserialize, Serialize};

use super::Media;

/// A picture.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageContent {
    /// The file.
    pub media: Media,
    /// The text below it; may be empty.
    #[serde(default)]
    pub caption: String,
    /// Seen once only.
    #[serde(default)]
    pub view_once: bool,
    /// Members of the group who are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentioned: Vec<PhoneNumber>,
}

/// Sound.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioContent {
    /// The file.
    pub media: Media,
    /// A voice note rather than music.
    #[serde(default)]
    pub ptt: bool,
    /// Shown with its wave form.
    #[serde(default)]
    pub waveform: bool,
    /// Heard once only.
    #[serde(default)]
    pub view_once: bool,
}

/// A film.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoContent {
    /// The file.
    pub media: Media,
    /// The text below it; may be empty.
    #[serde(default)]
    pub caption: String,
    /// Seen once only.
    #[serde(default)]
    pub view_once: bool,
    /// Members of the group who are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentioned: Vec<PhoneNumber>,
}

/// A film that repeats without sound.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GifContent {
    /// The file (MP4).
    pub media: Media,
    /// The text below it; may be empty.
    #[serde(default)]
    pub caption: String,
}

/// A round film.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PtvContent {
    /// The file (MP4).
    pub media: Media,
}

/// Any file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentContent {
    /// The file.
    pub media: Media,
    /// Without a dot, e.g. `pdf`.
    pub extension: String,
    /// The name shown, with or without its extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// The text below it; may be empty.
    #[serde(default)]
    pub caption: String,
    /// Pages, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_count: Option<u32>,
    /// The caption replaces the one of this message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<WireId>,
}

/// A sticker.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StickerContent {
    /// The file (WebP, or a picture that becomes one).
    pub media: Media,
    /// Who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
}
