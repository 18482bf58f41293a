//! Webhooks (plugzapi-api.md 3): which callbacks follow from which events, their bodies, their delivery and its log.
//!
//! The reactor [`outbox`] writes one delivery row and one piece of durable work per callback. [`deliver`] builds the body from the log
//! and the vault at the moment of each attempt, so that neither texts nor phones wait anywhere in clear.

pub(crate) mod body;
pub(crate) mod callback;
mod caused;
pub(crate) mod content;
pub(crate) mod deliver;
pub(crate) mod direct;
pub(crate) mod facts;
mod history;
pub(crate) mod log;
mod notice_body;
pub(crate) mod outbox;
mod signature;
mod sweep;
pub(crate) mod target;

pub use caused::CausedDelivery;
pub use history::{Attempt, Delivery, DeliveryState, ResendError};
pub use signature::sign;

/// Topic of the durable work.
pub(crate) const TOPIC: &str = "webhook";
