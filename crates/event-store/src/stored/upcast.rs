//! Steps from an old encoding to the next.

use std::borrow::Cow;

use serde_json::Value;

use super::StoredEvent;

/// Version of one wire type: 1, 2, 3 …
pub type Version = u32;

/// One step: an event of exactly this type and version becomes one of another version, or of another type. Pure; it sees the payload
/// only. One event becomes one event.
#[derive(Debug, Clone, Copy)]
pub struct Upcaster {
    from: (&'static str, Version),
    to: (&'static str, Version),
    payload: fn(Value) -> Value,
}

impl Upcaster {
    /// The next version of the same type.
    #[must_use]
    pub const fn next_version(event_type: &'static str, from: Version, payload: fn(Value) -> Value) -> Self {
        Self { from: (event_type, from), to: (event_type, from + 1), payload }
    }

    /// Another type: a better name, or a retired type's neutral stand-in. The payload's tag `type` follows by itself.
    #[must_use]
    pub const fn renamed(from: (&'static str, Version), to: (&'static str, Version), payload: fn(Value) -> Value) -> Self {
        Self { from, to, payload }
    }

    /// What it reads: wire type and version.
    #[must_use]
    pub const fn from(&self) -> (&'static str, Version) {
        self.from
    }

    /// What it gives: wire type and version.
    #[must_use]
    pub const fn to(&self) -> (&'static str, Version) {
        self.to
    }

    pub(super) fn reads(&self, event_type: &str, version: &str) -> bool {
        self.from.0 == event_type && version.parse() == Ok(self.from.1)
    }

    pub(super) fn apply(&self, payload: Value) -> Value {
        let mut payload = (self.payload)(payload);
        if let Some(tag) = payload.get_mut("type") {
            *tag = Value::from(self.to.0);
        }
        payload
    }
}

/// Is there a first step for it?
pub(super) fn needed<E: StoredEvent>(event_type: &str, version: &str) -> bool {
    E::upcasters().iter().any(|step| step.reads(event_type, version))
}

/// Walks the table once from top to bottom: every step is taken at most once, so it ends whatever the table says.
pub(super) fn to_current<'a>(
    table: &[Upcaster],
    event_type: &'a str,
    version: &'a str,
    mut payload: Value,
) -> (Cow<'a, str>, Cow<'a, str>, Value) {
    let (mut event_type, mut version) = (Cow::Borrowed(event_type), Cow::Borrowed(version));
    for step in table {
        if step.reads(&event_type, &version) {
            payload = step.apply(payload);
            (event_type, version) = (Cow::Borrowed(step.to.0), Cow::Owned(step.to.1.to_string()));
        }
    }
    (event_type, version, payload)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn same(payload: Value) -> Value {
        payload
    }

    #[test]
    fn a_table_that_runs_in_circles_ends() {
        let table = [Upcaster::renamed(("a", 1), ("b", 1), same), Upcaster::renamed(("b", 1), ("a", 1), same)];
        let (event_type, version, payload) = to_current(&table, "a", "1", json!({"type": "a"}));
        assert_eq!((event_type.as_ref(), version.as_ref(), payload), ("a", "1", json!({"type": "a"})));
    }

    #[test]
    fn versions_are_numbers_not_texts() {
        let step = Upcaster::next_version("a", 9, same);
        assert!(step.reads("a", "9") && step.reads("a", "09"));
        assert!(!step.reads("a", "9.1") && !step.reads("a", "") && !step.reads("b", "9"));
        assert_eq!(step.to(), ("a", 10));
    }
}
