//! What happened to instances, as far as money is concerned, with the place of each event in the log.

use recado_event_store::Position;
use recado_kernel::{InstanceId, Timestamp};
use serde::{Deserialize, Serialize};

use super::PlanCode;

/// What an event means for billing. Everything else (connections, webhooks, messages) means nothing (billing.md 1.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// The instance exists; its trial is never billed.
    Created {
        /// Display name.
        name: String,
    },
    /// It has another display name.
    Renamed {
        /// Display name.
        name: String,
    },
    /// A subscription starts.
    Subscribed {
        /// On which plan.
        plan: PlanCode,
    },
    /// A move to another plan was asked for.
    PlanChanged {
        /// The new plan.
        plan: PlanCode,
    },
    /// The subscription ends.
    Cancelled,
    /// Sending is refused from here on (billing.md 1.12).
    Suspended,
    /// Sending is allowed again.
    Reactivated,
}

impl FactKind {
    /// The wire name of the event behind it.
    #[must_use]
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Created { .. } => "instance.created",
            Self::Renamed { .. } => "instance.renamed",
            Self::Subscribed { .. } => "instance.subscribed",
            Self::PlanChanged { .. } => "instance.plan_changed",
            Self::Cancelled => "instance.subscription_cancelled",
            Self::Suspended => "instance.suspended",
            Self::Reactivated => "instance.reactivated",
        }
    }

    /// Can it change an amount?
    #[must_use]
    pub const fn is_billing(&self) -> bool {
        !matches!(self, Self::Created { .. } | Self::Renamed { .. })
    }
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Business time.
    pub at: Timestamp,
    /// Where its event stands in the log: later than a closing's `as_of` means the closing did not know it.
    pub position: Position,
    /// The event's sequence within the instance.
    pub sequence: i64,
    /// What happened.
    pub kind: FactKind,
}

/// Everything known about one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceFacts {
    /// Which instance.
    pub instance: InstanceId,
    /// In any order, repeats allowed.
    pub facts: Vec<Fact>,
}

/// An event a line stands on ("por que esta cobrança?").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Sequence within the instance's stream.
    pub sequence: i64,
    /// Place in the log.
    pub position: Position,
    /// Wire name.
    pub event_type: String,
    /// Business time.
    pub occurred_at: Timestamp,
}

impl Source {
    /// The event behind a fact.
    #[must_use]
    pub fn of(fact: &Fact) -> Self {
        Self {
            sequence: fact.sequence,
            position: fact.position,
            event_type: fact.kind.event_type().to_owned(),
            occurred_at: fact.at,
        }
    }
}
