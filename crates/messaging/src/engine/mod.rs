//! The engine port (architecture 5; whatsapp-web-engine.md 12 and 13): what the core asks of whatever speaks to WhatsApp, and what it is
//! told in return. No type here depends on an engine.
//!
//! Downwards [`SessionEngine`]: a session is named by its instance, its state lives in the engine's own durable storage, every call may
//! be repeated. Upwards [`EngineEvents`]: what happened, each with an [`EventKey`], so that a repeat changes nothing.

mod deliver;
pub mod directory;
mod event;
mod notice;
mod pairing;
mod session;

pub use crate::domain::message::Receipt;
pub use directory::{DirectoryError, SessionDirectory};
pub use event::{EngineEvent, EngineEvents, EngineEventsError, EventKey, Happening, Received};
pub use notice::{CallState, GroupNews, Notice, PresenceState};
pub use pairing::Pairing;
pub use session::{
    Capabilities, EngineError, EngineKind, Handoff, Outgoing, PairStep, QrView, Refusal, SendFailure, SessionEngine, SessionState,
};
