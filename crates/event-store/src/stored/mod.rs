//! Events as they are stored for ever: which types and versions there are, what they mean, and how an old one is read by today's code.
//!
//! A stored row is never changed. Old versions are brought up to date while they are read ([`Upcaster`]), the same way for aggregates,
//! projections and whoever else asks for an [`E: StoredEvent`](StoredEvent).

mod bridge;
mod definition;
mod macros;
mod upcast;

use cqrs_es::DomainEvent;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use bridge::event_upcasters;
pub use definition::{AggregateEvents, EventDefinition, Meaning};
pub use upcast::{Upcaster, Version};

use crate::StoreError;

/// A domain event that the log can keep. Implemented by [`crate::stored_events!`], which makes the compiler refuse a variant without a
/// wire name, a version and a meaning.
pub trait StoredEvent: DomainEvent {
    /// Every wire type that today's code writes, with its current version.
    const DEFINITIONS: &'static [EventDefinition];

    /// How older versions and retired types become current ones. Read once from top to bottom: a step stands below those it continues.
    #[must_use]
    fn upcasters() -> &'static [Upcaster] {
        &[]
    }

    /// The definition of a wire type.
    #[must_use]
    fn definition(event_type: &str) -> Option<&'static EventDefinition> {
        Self::DEFINITIONS.iter().find(|definition| definition.event_type == event_type)
    }
}

/// The event in a stored row, whatever version wrote it.
///
/// # Errors
/// [`StoreError::Newer`] when a newer program wrote it, [`StoreError::Unreadable`] when the payload does not fit.
pub fn decode<E: StoredEvent>(event_type: &str, version: &str, payload: &Value) -> Result<E, StoreError> {
    decode_as::<E, E>(event_type, version, payload)
}

/// The same for a reader that wants only some fields (`T`) of an event of `E`.
///
/// # Errors
/// As [`decode`].
pub fn decode_as<E: StoredEvent, T: DeserializeOwned>(event_type: &str, version: &str, payload: &Value) -> Result<T, StoreError> {
    let unreadable = |error: serde_json::Error| StoreError::Unreadable(format!("{event_type} v{version}: {error}"));
    if !upcast::needed::<E>(event_type, version) {
        check_known::<E>(event_type, version)?;
        return T::deserialize(payload).map_err(unreadable);
    }
    let (event_type, version, payload) = upcast::to_current(E::upcasters(), event_type, version, payload.clone());
    check_known::<E>(&event_type, &version)?;
    serde_json::from_value(payload).map_err(|error| StoreError::Unreadable(format!("{event_type} v{version}: {error}")))
}

/// Is it exactly what today's code writes?
fn check_known<E: StoredEvent>(event_type: &str, version: &str) -> Result<(), StoreError> {
    let stored = version.parse::<Version>();
    match E::definition(event_type) {
        Some(definition) if stored == Ok(definition.version) => Ok(()),
        known => Err(match stored {
            Ok(stored) if known.is_none_or(|known| stored > known.version) => StoreError::Newer {
                event_type: event_type.to_owned(),
                version: version.to_owned(),
                known: known.map(|known| known.version),
            },
            // Older than today's without an upcaster, or not a version at all: the golden files would have caught it.
            _ => StoreError::Unreadable(format!("{event_type} v{version}: this version has no way to today's")),
        }),
    }
}
