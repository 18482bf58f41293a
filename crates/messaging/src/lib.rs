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
mod rooms;
mod settings;
mod timers;
pub mod use_cases;
mod webhooks;

pub use domain::guard_policy::{GuardPolicyEvent, GuardRules, LONGEST_CONFIRMATION};
pub use domain::guards::{
    BadRow, CheckItem, Checklist, GuardMode, InvalidFile, InvalidPlan, InvalidWords, KeyWords, LARGEST_FILE, MOST_ROWS, Ripeness,
    WarmUp, WarmUpPlan, vcard,
};
pub use domain::instance::{
    Connection, DeletionReason, DeviceWish, DisconnectReason, FIRST_TOKEN_INSTANCES, Instance, InstanceError, InstanceEvent,
    InstanceSettings, InvalidWebhookUrl, PaymentStatus, PreviousSecret, ServiceTerms, SettingsChange, Subscription,
    WebhookChange, WebhookKind, WebhookUrl, Webhooks,
};
pub use domain::instance_guard::InstanceGuardEvent;
pub use domain::message::{
    InvalidContent, InvalidText, MAX_TEXT_BYTES, Media, MediaId, MediaRef, MediaUse, Message, MessageContent, MessageError,
    MessageEvent, MessageKind, MessageStatus, Receipt,
};
pub use domain::opt_out::{OptOutEvent, Source as OptOutSource};
pub use error::MessagingError;
pub use facade::Messaging;
pub use projections::guards::{Checked, InstanceGuardView};
pub use projections::instances::InstanceView;
pub use projections::messages::{Direction, MessageView};
pub use projections::opt_outs::{OptOutPage, OptOutView};
pub use projections::queue::{QueueHold, QueueItem, QueueOutlook, QueuePage, QueueSlice};
pub use public::stored_events;
pub use settings::MessagingSettings;
pub use use_cases::{
    AcceptMessage, BeginSending, CreatedInstance, EngineFact, GuardState, ImportedList, Incoming, InstanceAccess, LiveSession,
    NewInstance, OutgoingMessage, Recorded, RequestCommands, SendResult, SendWork, Unfinished,
};
pub use webhooks::{
    Attempt, CausedDelivery, Circuit, Delivery, DeliveryFilter, DeliveryState, DestinationView, FeedBell, FeedEntry, FeedPage,
    FeedQuery, Preview, ResendError, Resent, sign, sign_standard,
};

/// Topic of the send queue; its lane is the instance's id, its work id the message's id.
pub const SEND_TOPIC: &str = "send";
/// Topic of the ends of trials and services; each timer is its own lane.
pub const TIMER_TOPIC: &str = "instance_timer";
/// Vault purpose of instance tokens.
pub const TOKEN_PURPOSE: &str = "instance-token";
/// Vault purpose of the secrets that sign webhooks.
pub const WEBHOOK_SECRET_PURPOSE: &str = "webhook-secret";
