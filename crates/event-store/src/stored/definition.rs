//! What one wire type is, said beside the code that writes it.

use cqrs_es::Aggregate;

use super::{StoredEvent, Upcaster, Version};

/// One sentence in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// English.
    pub en: &'static str,
    /// Brazilian Portuguese.
    pub pt: &'static str,
}

/// One wire type in its current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventDefinition {
    /// Wire name, e.g. `instance.created`.
    pub event_type: &'static str,
    /// Current version; grows when the encoding changes.
    pub version: Version,
    /// What it says happened.
    pub meaning: Meaning,
    /// Fields that hold personal data sealed under their subject's key.
    pub sealed: &'static [&'static str],
}

/// Everything the log keeps of one aggregate type: what the event catalogue is made from.
#[derive(Debug, Clone, Copy)]
pub struct AggregateEvents {
    /// `Aggregate::TYPE`.
    pub aggregate_type: &'static str,
    /// What today's code writes.
    pub definitions: &'static [EventDefinition],
    /// What it reads besides.
    pub upcasters: &'static [Upcaster],
}

impl AggregateEvents {
    /// Of the aggregate `A`.
    #[must_use]
    pub fn of<A>() -> Self
    where
        A: Aggregate,
        A::Event: StoredEvent,
    {
        Self { aggregate_type: A::TYPE, definitions: A::Event::DEFINITIONS, upcasters: A::Event::upcasters() }
    }
}
