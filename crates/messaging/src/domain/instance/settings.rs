//! Behaviour of one instance (plugzapi-api.md 2.1).

use serde::{Deserialize, Serialize};

/// All of them; defaults are "off".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InstanceSettings {
    /// Refuse new messages while disconnected instead of queueing them (plugzapi-api.md 4, "Opt-out").
    pub disable_enqueue_when_disconnected: bool,
    /// Reject voice calls.
    pub call_reject_auto: bool,
    /// Text sent after a rejected call.
    pub call_reject_message: Option<String>,
    /// Mark every incoming message read.
    pub auto_read_message: bool,
    /// The same for stories.
    pub auto_read_status: bool,
}

/// Longest text for rejected calls, in bytes: it is kept with the instance for ever.
const MOST_REJECT_BYTES: usize = 4_096;

/// A partial change; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsChange {
    /// Refuse new messages while disconnected.
    pub disable_enqueue_when_disconnected: Option<bool>,
    /// Reject voice calls.
    pub call_reject_auto: Option<bool>,
    /// Text sent after a rejected call; an empty one takes it away.
    pub call_reject_message: Option<String>,
    /// Mark every incoming message read.
    pub auto_read_message: Option<bool>,
}

impl SettingsChange {
    /// Can the text be stored?
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.call_reject_message.as_ref().is_none_or(|text| text.len() <= MOST_REJECT_BYTES && !text.contains('\0'))
    }

    /// The settings after the change.
    #[must_use]
    pub fn applied_to(self, settings: &InstanceSettings) -> InstanceSettings {
        let message = self.call_reject_message.map(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
        InstanceSettings {
            disable_enqueue_when_disconnected: self
                .disable_enqueue_when_disconnected
                .unwrap_or(settings.disable_enqueue_when_disconnected),
            call_reject_auto: self.call_reject_auto.unwrap_or(settings.call_reject_auto),
            call_reject_message: message.unwrap_or_else(|| settings.call_reject_message.clone()),
            auto_read_message: self.auto_read_message.unwrap_or(settings.auto_read_message),
            auto_read_status: settings.auto_read_status,
        }
    }
}
