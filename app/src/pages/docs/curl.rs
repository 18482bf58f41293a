//! A request as a line to paste into a terminal.

use serde_json::Value;

use super::reader::Reader;
use super::spec::{Operation, Spec, list, text};

/// The whole command, with the reader's own instance where it is known.
pub fn command(spec: Spec<'_>, operation: Operation<'_>, reader: &Reader) -> String {
    let mut address = operation.path.replace("{instanceId}", &reader.instance_id()).replace("{token}", reader.token());
    for parameter in operation.parameters("path") {
        address = address.replace(&format!("{{{}}}", text(&parameter["name"])), text(&parameter["example"]));
    }
    let verb = operation.verb.to_uppercase();
    let method = if verb == "GET" { String::new() } else { format!("-X {verb} ") };
    let mut lines = vec![format!("curl {method}{}", quoted(&format!("{}{address}", reader.base)))];
    if operation.of_partners() {
        lines.push(format!("-H {}", quoted(&format!("Authorization: Bearer {}", reader.partner_token()))));
    }
    if let Some(body) = operation.body().filter(|body| !body["example"].is_null()) {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d {}", quoted(&in_order(&body["example"], &spec.resolved(&body["schema"])["x-order"]))));
    }
    lines.join(" \\\n  ")
}

/// JSON as people read it: short objects in one line.
pub fn pretty(value: &Value) -> String {
    let line = value.to_string();
    if line.len() <= 72 { line } else { serde_json::to_string_pretty(value).unwrap_or(line) }
}

/// An object with its fields in the order of its description.
fn in_order(example: &Value, order: &Value) -> String {
    let Some(fields) = example.as_object().filter(|fields| !fields.is_empty()) else { return pretty(example) };
    let place = |name: &str| list(order).position(|known| known == name).unwrap_or(usize::MAX);
    let mut names: Vec<&String> = fields.keys().collect();
    names.sort_by_key(|name| place(name));
    let written = |name: &String| format!("{}: {}", Value::from(name.as_str()), pretty(&fields[name]).replace('\n', "\n  "));
    let parts: Vec<String> = names.into_iter().map(written).collect();
    let line = format!("{{{}}}", parts.join(", "));
    if line.len() <= 72 { line } else { format!("{{\n  {}\n}}", parts.join(",\n  ")) }
}

/// In single quotes for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::super::spec::Spec;
    use super::*;
    use serde_json::json;

    #[test]
    fn a_body_with_quotes_survives_the_shell() {
        let document = json!({
            "tags": [{ "name": "a" }],
            "paths": { "/instances/{instanceId}/token/{token}/x/{id}": { "post": {
                "tags": ["a"], "parameters": [{ "name": "id", "in": "path", "example": "7" }],
                "requestBody": { "content": { "application/json": {
                    "schema": { "x-order": ["z", "m"] }, "example": { "m": "it's", "z": [1] },
                } } },
            } } },
        });
        let spec = Spec::new(&document);
        let operation = spec.operations(&spec.sections()[0])[0];
        let command = command(spec, operation, &Reader::stranger("http://h"));
        let expected = "curl -X POST 'http://h/instances/SEU_ID/token/SEU_TOKEN/x/7' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"z\": [1], \"m\": \"it'\\''s\"}'";
        assert_eq!(command, expected);
        let told = std::process::Command::new("sh").args(["-c", &command.replacen("curl", "printf %s,", 1)]).output().unwrap();
        assert!(String::from_utf8(told.stdout).unwrap().ends_with("{\"z\": [1], \"m\": \"it's\"},"));
    }
}
