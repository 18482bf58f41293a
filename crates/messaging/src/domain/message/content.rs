//! What a message says. Serialised as JSON into the vault, never into an event.

use serde::{Deserialize, Serialize};

/// Longest text we accept, in bytes of UTF-8: 65,536, WhatsApp's own bound. One constant for every door; longer texts are refused, never cut.
pub const MAX_TEXT_BYTES: usize = 65_536;

/// The kinds of messages we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Plain text.
    Text,
}

impl MessageKind {
    /// The wire name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
        }
    }
}

/// The content by kind.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MessageContent {
    /// Plain text.
    Text {
        /// As typed.
        text: String,
    },
}

impl MessageContent {
    /// A text message.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text { text: text.to_owned() }
    }

    /// What the queue shows: the text.
    #[must_use]
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text { text } => text,
        }
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::Text { .. } => MessageKind::Text,
        }
    }

    /// Size in bytes of the text.
    #[must_use]
    pub fn size(&self) -> u64 {
        u64::try_from(self.as_text().len()).unwrap_or(u64::MAX)
    }
}

impl std::fmt::Debug for MessageContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MessageContent({}, {} bytes)", self.kind().as_str(), self.size())
    }
}

/// Why a text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing to send (plugzapi-api.md 1.5, "Required field missing").
    #[error("message is required")]
    Empty,
    /// More than [`MAX_TEXT_BYTES`].
    #[error("message is too long: at most 65536 bytes")]
    TooLong,
    /// It contains the character U+0000, which nobody can store or show.
    #[error("message is invalid")]
    NulCharacter,
}

/// Checks a text before it is accepted.
///
/// # Errors
/// Empty (or only white space), too long, or with U+0000.
pub fn check_text(text: &str) -> Result<(), InvalidText> {
    if text.trim().is_empty() {
        Err(InvalidText::Empty)
    } else if text.len() > MAX_TEXT_BYTES {
        Err(InvalidText::TooLong)
    } else if text.contains('\0') {
        Err(InvalidText::NulCharacter)
    } else {
        Ok(())
    }
}
