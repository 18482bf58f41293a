//! Any bytes as a body, any value in a field: an answer, never a panic. `cargo xtask fuzz` runs these with a million cases each.

use http::HeaderMap;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::{Fields, fields_of};
use crate::RestError;

/// The names routes ask for.
const NAMES: [&str; 6] = ["phone", "message", "delayMessage", "value", "notifySentByMe", "messageId"];

/// Texts near what clients send, and anything else.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9+() -]{0,20}",
        "[0-9]{4,26}(-group|-broadcast|@lid|@newsletter|-[0-9]{10})?",
        "-?[0-9]{1,30}(\\.[0-9]{0,4})?",
        "(true|FALSE| true |null|https://x.example/\u{7f}|data:image/png;base64,AAAA)",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| Number::from_f64(float).map_or(Value::Null, Value::Number)),
    ];
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number, text().prop_map(Value::from)];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map("[a-z]{0,3}", inner, 0..4).prop_map(|object| Value::Object(object.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    btree_map(prop_oneof![4 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned), 1 => any::<String>()], value(), 0..6)
        .prop_map(|object| object.into_iter().collect())
}

fn fields(raw: &[u8]) -> Result<Fields, RestError> {
    fields_of(&HeaderMap::new(), raw).map(|read| Fields::read(read, None))
}

/// Asks a body for everything there is to ask; each answer is a value or a refusal that names its field.
fn ask(fields: &Fields) -> Result<(), TestCaseError> {
    for name in NAMES {
        let fine = |refusal: Option<RestError>| match refusal {
            None | Some(RestError::Required(_) | RestError::Invalid(_) | RestError::InvalidPhone) => Ok(()),
            Some(other) => Err(TestCaseError::fail(format!("{name}: {other}"))),
        };
        fine(fields.optional_text(name).err())?;
        fine(fields.text(name).err())?;
        fine(fields.clearable_text(name).err())?;
        fine(fields.optional_integer(name).err())?;
        fine(fields.optional_boolean(name).err())?;
        match fields.chat(name) {
            Ok(chat) => prop_assert_eq!(chat.as_str().parse(), Ok(chat.clone()), "what was understood is understood again"),
            Err(refusal) => fine(Some(refusal))?,
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn fuzz_bytes_as_a_body(raw in vec(any::<u8>(), 0..200)) {
        match fields(&raw) {
            Ok(fields) => ask(&fields)?,
            Err(refusal) => prop_assert_eq!(refusal, RestError::InvalidJson),
        }
    }

    #[test]
    fn fuzz_objects(object in object()) {
        let raw = Value::Object(object).to_string();
        match fields(raw.as_bytes()) {
            Ok(fields) => ask(&fields)?,
            Err(refusal) => prop_assert!(false, "{} for {}", refusal, raw),
        }
    }

    /// JSON with a few bytes changed, cut or doubled: near the grammar's edges.
    #[test]
    fn fuzz_damaged_json(object in object(), at in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0..3) {
        let mut raw = Value::Object(object).to_string().into_bytes();
        let place = at.index(raw.len());
        match how {
            0 => raw[place] = byte,
            1 => raw.truncate(place),
            _ => raw.extend_from_within(place..),
        }
        match fields(&raw) {
            Ok(fields) => ask(&fields)?,
            Err(refusal) => prop_assert_eq!(refusal, RestError::InvalidJson),
        }
    }
}
