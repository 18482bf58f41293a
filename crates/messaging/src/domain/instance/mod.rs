//! One WhatsApp instance: at most one number, a trial, a subscription, a token, webhooks.
//!
//! Protects: nobody but its account changes it; an instance whose trial or subscription is over neither pairs nor sends; the trial
//! ends once; two tabs that subscribe at once subscribe once; a number is live on one instance (with the claim in
//! [`LIVE_NUMBER`], whose changes [`InstanceEvent::Paired`] and [`InstanceEvent::Disconnected`] name).

mod command;
mod decide;
mod error;
mod event;
mod policy;
mod settings;
mod state;
#[cfg(test)]
mod tests;
mod webhooks;

pub use command::{InstanceAction, InstanceCommand};
pub use error::InstanceError;
pub use event::{DisconnectReason, InstanceEvent};
pub use policy::{PaymentStatus, ServiceTerms, Subscription};
pub use settings::{InstanceSettings, SettingsChange};
pub use state::{Connection, Instance};
pub use webhooks::{InvalidWebhookUrl, WebhookChange, WebhookKind, WebhookUrl, Webhooks};

/// Claim scope under which a number (its digest) belongs to the instance it is live on.
pub const LIVE_NUMBER: &str = "live_number";
