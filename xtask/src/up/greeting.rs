//! The last thing `up` says: where to go, and as whom.

use std::path::Path;

use serde_json::Value;

use crate::step::say;

/// Prints addresses and credentials. `demo` is what `recado demo --json` answered, or why it did not.
pub fn print(address: &str, data: &Path, demo: Result<&str, String>) {
    say("");
    say(&format!("  Recado         {address}"));
    say(&format!("  WhatsApp       {address}/simulador   (simulated phones)"));
    say(&format!("  E-mail         {address}/dev/mail"));
    say(&format!("  Data           {}", data.display()));
    match demo.map(|text| serde_json::from_str::<Value>(text.trim())) {
        Ok(Ok(value)) => {
            say("");
            for line in lines(&value) {
                say(&format!("  {line}"));
            }
        }
        Ok(Err(error)) => say(&format!("  (the demonstration data could not be shown: {error})")),
        Err(error) => say(&format!("  (no demonstration data: {error})")),
    }
    say("");
    say("  Ctrl-C stops everything.");
}

/// Nested names become one line each: `finance.email  x@y`.
fn lines(value: &Value) -> Vec<String> {
    let mut flat = Vec::new();
    flatten("", value, &mut flat);
    let width = flat.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    flat.into_iter().map(|(name, text)| format!("{name:width$}  {text}")).collect()
}

fn flatten(name: &str, value: &Value, flat: &mut Vec<(String, String)>) {
    let below = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(part, value)| flatten(&below(part), value, flat)),
        Value::Array(items) => {
            items.iter().zip(1..).for_each(|(value, number)| flatten(&below(&number.to_string()), value, flat))
        }
        Value::String(text) => flat.push((name.to_owned(), text.clone())),
        Value::Null => {}
        other => flat.push((name.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_one_line_each() {
        let value = serde_json::json!({"account": {"email": "a@b"}, "instances": [{"id": "X"}], "new": true});
        assert_eq!(lines(&value), ["account.email   a@b", "instances.1.id  X", "new             true"]);
    }
}
