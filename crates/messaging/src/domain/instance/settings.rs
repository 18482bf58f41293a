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
