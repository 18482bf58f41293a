//! Our upcasters for cqrs-es, so that its repositories and tools read our streams too.

use cqrs_es::persist::{EventUpcaster, SerializedEvent};

use super::{StoredEvent, Upcaster};

struct Bridge(Upcaster);

impl EventUpcaster for Bridge {
    fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
        self.0.reads(event_type, event_version)
    }

    fn upcast(&self, event: SerializedEvent) -> SerializedEvent {
        let (event_type, version) = self.0.to();
        SerializedEvent {
            event_type: event_type.to_owned(),
            event_version: version.to_string(),
            payload: self.0.apply(event.payload),
            ..event
        }
    }
}

/// The upcasters of `E` for `PersistedEventStore::with_upcasters`, in their order.
#[must_use]
pub fn event_upcasters<E: StoredEvent>() -> Vec<Box<dyn EventUpcaster>> {
    E::upcasters().iter().map(|step| Box::new(Bridge(*step)) as Box<dyn EventUpcaster>).collect()
}
