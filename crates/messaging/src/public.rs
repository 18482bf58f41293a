//! The events other contexts may read. Billing decodes the instance events named in [`BILLING_EVENTS`] with
//! [`recado_event_store::RecordedEvent::decode_as`]; the account is the record's, the instance its aggregate id, business time its
//! `occurred_at`.

use recado_event_store::stored::AggregateEvents;

use crate::domain::guard_policy::GuardPolicy;
use crate::domain::instance::Instance;
pub use crate::domain::instance::{DisconnectReason, InstanceEvent, Webhooks};
use crate::domain::instance_guard::InstanceGuard;
use crate::domain::message::Message;
pub use crate::domain::message::MessageEvent;
use crate::domain::opt_out::OptOut;

/// What the log keeps of this context.
#[must_use]
pub fn stored_events() -> Vec<AggregateEvents> {
    vec![
        AggregateEvents::of::<Instance>(),
        AggregateEvents::of::<Message>(),
        AggregateEvents::of::<OptOut>(),
        AggregateEvents::of::<InstanceGuard>(),
        AggregateEvents::of::<GuardPolicy>(),
    ]
}

/// What billing needs to know about an instance.
pub const BILLING_EVENTS: [&str; 5] =
    ["instance.created", "instance.renamed", "instance.subscribed", "instance.subscription_cancelled", "instance.service_ended"];
