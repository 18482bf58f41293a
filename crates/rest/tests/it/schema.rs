//! Is a JSON value what a schema of the description says? The part of JSON Schema that the description uses; fields that the schema does
//! not name count as wrong.

use std::collections::BTreeSet;

use serde_json::Value;

/// What is wrong, in words; empty when all is well.
pub fn complaints(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = vec![];
    check(document, schema, value, "", &mut found);
    let known = properties(document, schema);
    if let (Some(object), false) = (value.as_object(), known.is_empty()) {
        let unknown = object.keys().filter(|key| !known.contains(key.as_str()));
        found.extend(unknown.map(|key| format!("{key} is not described")));
    }
    found
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => {
            let target = document.pointer(reference.trim_start_matches('#'));
            resolved(document, target.unwrap_or_else(|| panic!("{reference} leads nowhere")))
        }
        None => schema,
    }
}

fn parts<'a>(schema: &'a Value, word: &str) -> impl Iterator<Item = &'a Value> {
    schema[word].as_array().into_iter().flatten()
}

fn properties<'a>(document: &'a Value, schema: &'a Value) -> BTreeSet<&'a str> {
    let schema = resolved(document, schema);
    let own = schema["properties"].as_object().into_iter().flat_map(|all| all.keys().map(String::as_str));
    let inner = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|word| parts(schema, word));
    own.chain(inner.flat_map(|part| properties(document, part))).collect()
}

fn check(document: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let schema = resolved(document, schema);
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    if !types.is_empty() && !types.iter().any(|name| is(name, value)) {
        found.push(format!("{at}: {value} is no {types:?}"));
    }
    if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value)) {
        found.push(format!("{at}: {value} is none of {}", schema["enum"]));
    }
    if schema.get("const").is_some_and(|only| only != value) {
        found.push(format!("{at}: {value} is not {}", schema["const"]));
    }
    for part in parts(schema, "allOf") {
        check(document, part, value, at, found);
    }
    for word in ["oneOf", "anyOf"] {
        let fits = |part: &Value| {
            let mut wrong = vec![];
            check(document, part, value, at, &mut wrong);
            wrong.is_empty()
        };
        if schema.get(word).is_some() && !parts(schema, word).any(fits) {
            found.push(format!("{at}: {value} fits nothing of {word}"));
        }
    }
    if let Some(object) = value.as_object() {
        let missing = parts(schema, "required").filter_map(Value::as_str).filter(|name| !object.contains_key(*name));
        found.extend(missing.map(|name| format!("{at}/{name} is missing")));
        for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(field) = object.get(name) {
                check(document, inner, field, &format!("{at}/{name}"), found);
            }
        }
    }
    if let (Some(items), Some(array)) = (schema.get("items"), value.as_array()) {
        array.iter().enumerate().for_each(|(n, item)| check(document, items, item, &format!("{at}/{n}"), found));
    }
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other} is no type"),
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let document = serde_json::json!({
        "A": { "type": "object", "properties": { "a": { "type": ["string", "null"] }, "b": { "$ref": "#/B" } }, "required": ["a"] },
        "B": { "enum": ["x"] },
    });
    let schema = serde_json::json!({ "$ref": "#/A" });
    let wrong = |value: Value| complaints(&document, &schema, &value).len();
    assert_eq!(wrong(serde_json::json!({ "a": null, "b": "x" })), 0);
    for bad in ["{}", r#"{"a":1}"#, r#"{"a":"","b":"y"}"#, r#"{"a":"","c":1}"#, "[]"] {
        assert_eq!(wrong(serde_json::from_str(bad).unwrap()), 1, "{bad}");
    }
}
