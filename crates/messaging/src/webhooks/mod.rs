//! Webhooks (plugzapi-api.md 3): which callbacks follow from which events, their bodies, their delivery and its log.
//!
//! The reactor [`outbox`] writes one delivery row and one piece of durable work per callback. [`deliver`] builds the body from the log
//! and the vault at the moment of each attempt, so that neither texts nor phones wait anywhere in clear.

pub(crate) mod body;
pub(crate) mod callback;
mod caused;
pub(crate) mod content;
pub(crate) mod deliver;
pub(crate) mod destination;
pub(crate) mod direct;
pub(crate) mod facts;
pub(crate) mod feed;
mod headers;
mod history;
pub(crate) mod log;
mod notice_body;
pub(crate) mod outbox;
mod preview;
mod resend;
mod signature;
mod sweep;
pub(crate) mod target;

pub use caused::CausedDelivery;
pub use destination::{Circuit, DestinationView};
pub use feed::{FeedBell, FeedEntry, FeedPage, FeedQuery};
pub use history::{Attempt, Delivery, DeliveryFilter, DeliveryState};
pub use preview::Preview;
pub use resend::{ResendError, Resent};
pub use signature::{sign, sign_standard};

/// Topic of the durable work.
pub(crate) const TOPIC: &str = "webhook";
