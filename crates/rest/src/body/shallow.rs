//! Reads a JSON object no deeper than its fields. A body may be large (media as data URLs) and anything may stand in the fields we do not
//! know: what is nested is checked for being JSON and left out, so that a body never takes much more memory than its own size.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// More fields than any route knows; a body with more is refused.
const MOST_FIELDS: usize = 500;

/// The fields of an object; `null` counts as an empty one. Arrays and objects in them are empty.
pub(super) struct Shallow(pub(super) Map<String, Value>);

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
        Ok(Shallow(Map::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Shallow, A::Error> {
        let mut fields = Map::new();
        while let Some((name, Field(value))) = object.next_entry()? {
            fields.insert(name, value);
            if fields.len() > MOST_FIELDS {
                return Err(A::Error::custom("too many fields"));
            }
        }
        Ok(Shallow(fields))
    }
}

struct Field(Value);

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Scalar).map(Self)
    }
}

struct Scalar;

impl<'de> Visitor<'de> for Scalar {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Value, A::Error> {
        while array.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Array(vec![]))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Object(Map::new()))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_nested_is_left_out_but_must_be_json() {
        let read = |text: &str| serde_json::from_str::<Shallow>(text).map(|fields| Value::Object(fields.0));
        let fields = read(r#"{"a": [1, {"b": 2}], "c": {"d": [3]}, "e": "x", "f": 1.5, "g": null, "h": -7, "a": 4}"#).unwrap();
        assert_eq!(fields, json!({ "a": 4, "c": {}, "e": "x", "f": 1.5, "g": null, "h": -7 }));
        assert_eq!(read("null").unwrap(), json!({}));
        for bad in ["[]", "7", "\"x\"", r#"{"a": [1,]}"#, r#"{"a": {"b"}}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let many: Map<String, Value> = (0..=MOST_FIELDS).map(|n| (n.to_string(), Value::Null)).collect();
        assert!(read(&Value::Object(many).to_string()).is_err());
    }
}
