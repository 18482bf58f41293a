//! The events other contexts may read. Billing decodes the instance events named in [`BILLING_EVENTS`] with
//! [`recado_event_store::RecordedEvent::decode_as`]; the account is the record's, the instance its aggregate id, business time its
//! `occurred_at`.

pub use crate::domain::instance::{DisconnectReason, InstanceEvent, Webhooks};
pub use crate::domain::message::MessageEvent;

/// What billing needs to know about an instance.
pub const BILLING_EVENTS: [&str; 5] =
    ["instance.created", "instance.renamed", "instance.subscribed", "instance.subscription_cancelled", "instance.service_ended"];
