//! Reads a JSON object no deeper than its fields. A body may be large (media as data URLs) and anything may stand in the fields we do not
//! know: what is nested is checked for being JSON and kept as it was written, so that a body never takes much more memory than its own
//! size. It is read when a route asks for it, within bounds ([`parts`]).

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// More fields than any route knows; a body with more is refused.
const MOST_FIELDS: usize = 500;
/// Longest number kept as it was written.
const LONGEST_NUMBER: usize = 64;

/// The fields of an object; `null` counts as an empty one. Arrays and objects in them are empty, their text stands in `written`.
#[derive(Default)]
pub(super) struct Shallow {
    pub(super) fields: Map<String, Value>,
    /// Arrays, objects and numbers as they were written.
    pub(super) written: HashMap<String, Box<str>>,
}

impl<'de> Deserialize<'de> for Shallow {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Object)
    }
}

struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Shallow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E: Error>(self) -> Result<Shallow, E> {
        Ok(Shallow::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Shallow, A::Error> {
        let mut shallow = Shallow::default();
        while let Some((name, raw)) = object.next_entry::<String, &'de RawValue>()? {
            let raw = raw.get();
            let value = match raw.as_bytes().first() {
                Some(b'[') => Value::Array(vec![]),
                Some(b'{') => Value::Object(Map::new()),
                _ => serde_json::from_str(raw).map_err(A::Error::custom)?,
            };
            if value.is_array() || value.is_object() || (value.is_number() && raw.len() <= LONGEST_NUMBER) {
                shallow.written.insert(name.clone(), raw.into());
            } else {
                shallow.written.remove(&name);
            }
            shallow.fields.insert(name, value);
            if shallow.fields.len() > MOST_FIELDS {
                return Err(A::Error::custom("too many fields"));
            }
        }
        Ok(shallow)
    }
}

/// How many values stand in a text that is JSON: what reading it would cost.
pub(super) fn parts(json: &str) -> usize {
    let (mut parts, mut quoted, mut escaped) = (1, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => parts += 1,
            _ => {}
        }
    }
    parts
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_nested_is_kept_as_written_but_must_be_json() {
        let read = |text: &str| serde_json::from_str::<Shallow>(text).map(|fields| Value::Object(fields.fields));
        let body = r#"{"a": [1, {"b": 2}], "c": {"d": [3]}, "e": "x", "f": 1.50, "g": null, "h": -7, "a": 4}"#;
        assert_eq!(read(body).unwrap(), json!({ "a": 4, "c": {}, "e": "x", "f": 1.5, "g": null, "h": -7 }));
        let written = serde_json::from_str::<Shallow>(body).unwrap().written;
        assert_eq!((&*written["c"], &*written["f"], &*written["a"]), (r#"{"d": [3]}"#, "1.50", "4"));
        assert_eq!(read("null").unwrap(), json!({}));
        for bad in ["[]", "7", "\"x\"", r#"{"a": [1,]}"#, r#"{"a": {"b"}}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let many: Map<String, Value> = (0..=MOST_FIELDS).map(|n| (n.to_string(), Value::Null)).collect();
        assert!(read(&Value::Object(many).to_string()).is_err());
    }

    #[test]
    fn parts_are_counted_outside_of_texts() {
        assert_eq!(parts(r#"[{"a":"x,[\"{"},2]"#), 4);
    }
}
