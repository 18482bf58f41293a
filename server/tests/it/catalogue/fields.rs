//! The fields of an encoding, learnt from all its golden cases.

use std::collections::BTreeMap;

use serde_json::Value;

/// Deeper structures are one field: the code is the place to read them.
const DEPTH: usize = 2;
const LONGEST_EXAMPLE: usize = 48;

/// What the cases show of one field.
#[derive(Default)]
pub struct Field {
    kinds: Vec<&'static str>,
    /// Missing or null in some case.
    pub optional: bool,
    /// The first value that is there.
    pub example: String,
}

impl Field {
    /// Every form it takes.
    pub fn kind(&self) -> String {
        self.kinds.join(" or ")
    }
}

/// Flat name to field, in order of appearance in the alphabet; the tag `type` is left out.
pub fn fields(events: &[Value], sealed: &[&str]) -> BTreeMap<String, Field> {
    let flat: Vec<BTreeMap<String, Value>> = events
        .iter()
        .map(|event| {
            let mut flat = BTreeMap::new();
            flatten("", event, 0, &mut flat);
            flat
        })
        .collect();
    let mut fields: BTreeMap<String, Field> = BTreeMap::new();
    for (name, value) in flat.iter().flatten().filter(|(name, _)| name.as_str() != "type") {
        let field = fields.entry(name.clone()).or_default();
        if value.is_null() {
            continue;
        }
        let kind = kind(name, value, sealed);
        if !field.kinds.contains(&kind) {
            field.kinds.push(kind);
        }
        if field.example.is_empty() {
            field.example = shortened(value);
        }
    }
    for (name, field) in &mut fields {
        field.optional = flat.iter().any(|event| event.get(name).is_none_or(Value::is_null));
    }
    fields
}

fn flatten(name: &str, value: &Value, depth: usize, flat: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(parts) if depth < DEPTH && !parts.is_empty() => {
            for (part, value) in parts {
                let name = if name.is_empty() { part.clone() } else { format!("{name}.{part}") };
                flatten(&name, value, depth + 1, flat);
            }
        }
        value if !name.is_empty() => drop(flat.insert(name.to_owned(), value.clone())),
        _ => {}
    }
}

fn kind(name: &str, value: &Value, sealed: &[&str]) -> &'static str {
    let last = name.rsplit('.').next().unwrap_or(name);
    match value {
        _ if sealed.contains(&name) => "sealed text",
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "whole number",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
        Value::String(_) if last.ends_with("_protected") => "secret, encrypted",
        Value::String(_) if last.ends_with("digest") => "keyed digest",
        Value::String(text) if text.parse::<recado_kernel::AccountId>().is_ok() => "id",
        Value::String(text) if text.parse::<recado_kernel::Timestamp>().is_ok() => "moment",
        Value::String(text) if is_date(text) => "date",
        Value::String(text) if is_amount(text) => "amount",
        Value::String(_) => "text",
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(n, byte)| if n == 4 || n == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

fn is_amount(text: &str) -> bool {
    text.contains('.') && text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn shortened(value: &Value) -> String {
    let text = value.to_string().replace('|', "\\|");
    match text.char_indices().nth(LONGEST_EXAMPLE) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
