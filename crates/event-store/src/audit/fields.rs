//! What of an event is sealed, as texts: the same that an export shows, so that a leaf can be computed by hand.
//!
//! Left out: `txid` and `global_position` (they are this database's own; the chain itself holds the order) and the column
//! `metadata` (it is there for another reader's sake and says nothing of its own).

use std::fmt::Write as _;

use chrono::SecondsFormat;
use serde_json::Value;

use super::Digest;
use crate::RecordedEvent;

/// How many.
pub(super) const COUNT: usize = 14;

/// Their names, in the order in which they are hashed and exported.
pub(super) const NAMES: [&str; COUNT] = [
    "account",
    "aggregate_type",
    "aggregate_id",
    "sequence",
    "event_type",
    "event_version",
    "occurred_at",
    "recorded_at",
    "actor",
    "door",
    "command_id",
    "correlation_id",
    "causation_id",
    "payload",
];

/// An event's sealed fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields(pub(super) [String; COUNT]);

impl Fields {
    /// The fields of a stored event.
    #[must_use]
    pub fn of(event: &RecordedEvent) -> Self {
        let moment = |at: recado_kernel::Timestamp| at.to_rfc3339_opts(SecondsFormat::Micros, true);
        Self([
            event.account_id.to_string(),
            event.aggregate_type.clone(),
            event.aggregate_id.clone(),
            event.sequence.to_string(),
            event.event_type.clone(),
            event.event_version.clone(),
            moment(event.occurred_at),
            moment(event.recorded_at),
            event.actor.to_string(),
            event.door.as_str().to_owned(),
            event.command_id.to_string(),
            event.correlation_id.to_string(),
            event.causation_id.map(|id| id.to_string()).unwrap_or_default(),
            canonical_json(&event.payload),
        ])
    }

    /// The account named in it.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.0[0]
    }

    /// Its hash. Every field is written with its length in bytes, so no two events have the same text.
    #[must_use]
    pub fn leaf(&self) -> Digest {
        let mut text = String::with_capacity(self.0.iter().map(|field| field.len() + 8).sum::<usize>() + 24);
        text.push_str("recado.audit.leaf.1\n");
        for field in &self.0 {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}:{field}", field.len());
        }
        Digest::of(text.as_bytes())
    }
}

/// JSON with keys in the order of their bytes, without blanks, whatever order the map keeps.
#[must_use]
pub fn canonical_json(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<(&String, &Value)> = fields.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| name.as_bytes());
            text.push('{');
            for (n, (name, value)) in sorted.into_iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                string(name, text);
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::String(value) => string(value, text),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Null => text.push_str("null"),
    }
}

/// Only what JSON demands is escaped.
pub(super) fn string(value: &str, text: &mut String) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if u32::from(control) < 0x20 => {
                let _ = write!(text, "\\u{:04x}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hash_of_a_known_event_is_for_ever() {
        let mut fields: [String; COUNT] = std::array::from_fn(|n| format!("f{n}"));
        fields[13] = r#"{"a":1}"#.into();
        assert_eq!(
            Fields(fields).leaf().to_string(),
            "21c883c3a7a4db61e3aacfa63ccf52562522faf9b056ad8bf735e13a32030a30",
            "changing how events are hashed breaks every chain there is"
        );
    }

    #[test]
    fn keys_are_sorted_and_only_what_must_be_is_escaped() {
        let value: Value = serde_json::from_str(r#"{"b": [1, null, true], "a": {"é": "x\"\\\n\u0001", "z": -2.5}}"#).unwrap();
        assert_eq!(canonical_json(&value), "{\"a\":{\"z\":-2.5,\"é\":\"x\\\"\\\\\\n\\u0001\"},\"b\":[1,null,true]}");
    }

    proptest! {
        #[test]
        fn texts_read_back_as_they_were(text in "\\PC*|[\\x00-\\x1f\"\\\\]*") {
            let mut written = String::new();
            string(&text, &mut written);
            prop_assert_eq!(&serde_json::from_str::<String>(&written).unwrap(), &text);
            prop_assert_eq!(written, serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn moving_a_character_between_fields_changes_the_hash(a in "[a-z]{1,5}", b in "[a-z]{1,5}") {
            let base: [String; COUNT] = std::array::from_fn(|_| String::new());
            let (mut one, mut other) = (base.clone(), base);
            one[0] = format!("{a}{b}");
            (other[0], other[1]) = (a, b);
            prop_assert_ne!(Fields(one).leaf(), Fields(other).leaf());
        }
    }
}
