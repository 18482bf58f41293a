//! Status as a maximum over ranks (architecture 4).

use serde::{Deserialize, Serialize};

/// Where a message stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// No event yet.
    #[default]
    None,
    /// Waiting in the queue.
    Queued,
    /// Handed to the engine.
    Sending,
    /// WhatsApp accepted it.
    Sent,
    /// It reached the other side's phone.
    Received,
    /// It was read.
    Read,
    /// The voice note was heard.
    Played,
    /// WhatsApp or we refused it: side exit.
    Refused,
    /// Taken out of the queue: side exit.
    Cancelled,
    /// Nobody knows whether it went out: side exit that a receipt settles.
    Uncertain,
    /// It came in from the other side.
    Incoming,
}

impl MessageStatus {
    /// Position on the way out; side exits stand where they leave it.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::None | Self::Incoming => 0,
            Self::Queued | Self::Cancelled => 1,
            Self::Sending | Self::Refused | Self::Uncertain => 2,
            Self::Sent => 3,
            Self::Received => 4,
            Self::Read => 5,
            Self::Played => 6,
        }
    }

    /// The stored name, e.g. `queued`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Read => "read",
            Self::Played => "played",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Uncertain => "uncertain",
            Self::Incoming => "incoming",
        }
    }

    /// Reads the stored name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        [
            Self::Queued,
            Self::Sending,
            Self::Sent,
            Self::Received,
            Self::Read,
            Self::Played,
            Self::Refused,
            Self::Cancelled,
            Self::Uncertain,
            Self::Incoming,
        ]
        .into_iter()
        .find(|status| status.as_str() == text)
        .unwrap_or_default()
    }

    /// Has WhatsApp certainly accepted it?
    #[must_use]
    pub const fn went_out(self) -> bool {
        self.rank() >= 3
    }
}
