//! Instances and messages: sessions, the send queue, webhooks; and the port every session engine implements.
//!
//! The face is [`Messaging`]: use cases are its methods (`use_cases/`), queries stand beside their read models (`projections/`).
//! Commands take a [`recado_kernel::CommandMeta`] (who, through which door, at most once); every method is scoped by account, and an
//! instance of another account answers exactly like one that does not exist.

pub mod domain;
pub mod engine;
mod error;
mod facade;
pub(crate) mod lookups;
pub mod media;
pub mod net;
pub mod projections;
pub mod public;
mod reactors;
mod settings;
mod timers;
pub mod use_cases;
mod webhooks;

pub use domain::instance::{
    Connection, DisconnectReason, Instance, InstanceError, InstanceEvent, InstanceSettings, InvalidWebhookUrl, PaymentStatus,
    ServiceTerms, SettingsChange, Subscription, WebhookChange, WebhookKind, WebhookUrl, Webhooks,
};
pub use domain::message::{
    InvalidContent, InvalidText, MAX_TEXT_BYTES, Media, MediaId, MediaRef, MediaUse, Message, MessageContent, MessageError,
    MessageEvent, MessageKind, MessageStatus, Receipt,
};
pub use error::MessagingError;
pub use facade::Messaging;
pub use projections::instances::InstanceView;
pub use projections::messages::{Direction, MessageView};
pub use projections::queue::{QueueItem, QueuePage, QueueSlice};
pub use public::stored_events;
pub use settings::MessagingSettings;
pub use use_cases::{
    AcceptMessage, AcceptText, BeginSending, CreatedInstance, EngineFact, Incoming, InstanceAccess, LiveSession, OutgoingMessage,
    Recorded, SendResult, SendWork, Unfinished,
};
pub use webhooks::{Attempt, CausedDelivery, Delivery, DeliveryState, ResendError, sign};

/// Topic of the send queue; its lane is the instance's id, its work id the message's id.
pub const SEND_TOPIC: &str = "send";
/// Topic of the ends of trials and services; each timer is its own lane.
pub const TIMER_TOPIC: &str = "instance_timer";
/// Vault purpose of instance tokens.
pub const TOKEN_PURPOSE: &str = "instance-token";
/// Vault purpose of the secrets that sign webhooks.
pub const WEBHOOK_SECRET_PURPOSE: &str = "webhook-secret";
