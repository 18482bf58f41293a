//! Every kind of thing whose past can be told, whatever it is.

use std::collections::BTreeMap;
use std::fmt;

use cqrs_es::Aggregate;
use serde_json::Value;

use crate::{RecordedEvent, StoreError, StoredEvent};

/// A thing being folded from its events, event by event.
pub trait Folding: Send {
    /// Takes the next event.
    ///
    /// # Errors
    /// The event does not fit the aggregate.
    fn apply(&mut self, event: &RecordedEvent) -> Result<(), StoreError>;

    /// The state so far, as the aggregate serialises itself. Secrets and seals are in it.
    ///
    /// # Errors
    /// The aggregate does not serialise.
    fn state(&self) -> Result<Value, StoreError>;
}

struct Fold<A>(A);

impl<A> Folding for Fold<A>
where
    A: Aggregate,
    A::Event: StoredEvent,
{
    fn apply(&mut self, event: &RecordedEvent) -> Result<(), StoreError> {
        self.0.apply(event.decode()?);
        Ok(())
    }

    fn state(&self) -> Result<Value, StoreError> {
        serde_json::to_value(&self.0).map_err(|error| StoreError::Unreadable(format!("state of {}: {error}", A::TYPE)))
    }
}

/// One kind of aggregate: its wire name and how its events make its state.
#[derive(Clone, Copy)]
pub struct AggregateKind {
    name: &'static str,
    begin: fn() -> Box<dyn Folding>,
}

impl AggregateKind {
    /// The kind of `A`, folded by its own `apply`.
    #[must_use]
    pub fn of<A>() -> Self
    where
        A: Aggregate + 'static,
        A::Event: StoredEvent,
    {
        Self { name: A::TYPE, begin: || Box::new(Fold(A::default())) }
    }

    /// `Aggregate::TYPE`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// One that has no events yet.
    #[must_use]
    pub fn begin(&self) -> Box<dyn Folding> {
        (self.begin)()
    }
}

impl fmt::Debug for AggregateKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AggregateKind").field(&self.name).finish()
    }
}

/// All kinds an installation has. The composition root collects them from the contexts.
#[derive(Debug, Clone, Default)]
pub struct Aggregates {
    kinds: BTreeMap<&'static str, AggregateKind>,
}

impl Aggregates {
    /// The kind with this wire name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<AggregateKind> {
        self.kinds.get(name).copied()
    }
}

impl FromIterator<AggregateKind> for Aggregates {
    fn from_iter<I: IntoIterator<Item = AggregateKind>>(kinds: I) -> Self {
        Self { kinds: kinds.into_iter().map(|kind| (kind.name, kind)).collect() }
    }
}
