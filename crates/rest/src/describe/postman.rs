//! The description as a Postman collection (format v2.1): one folder per section, one request per route, with variables for what is
//! each customer's own.

use serde_json::{Map, Value, json};

const FORMAT: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

pub(super) fn collection(description: &Value) -> Value {
    let base = description.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    let base = if base == "/" { "http://127.0.0.1:3000" } else { base };
    let sections = description["tags"].as_array().cloned().unwrap_or_default();
    let folders: Vec<Value> = sections
        .iter()
        .map(|section| {
            let mut requests = requests_of(description, section["name"].as_str().unwrap_or_default());
            requests.sort_by_key(|(place, _)| *place);
            let items: Vec<Value> = requests.into_iter().map(|(_, request)| request).collect();
            json!({ "name": section["name"], "description": section["description"], "item": items })
        })
        .collect();
    json!({
        "info": { "name": "Recado", "description": description["info"]["description"], "schema": FORMAT },
        "item": folders,
        "variable": [
            variable("baseUrl", base),
            variable("instanceId", ""),
            variable("token", ""),
            variable("clientToken", ""),
            variable("partnerToken", ""),
        ],
    })
}

fn variable(key: &str, value: &str) -> Value {
    json!({ "key": key, "value": value, "type": "string" })
}

fn requests_of(description: &Value, section: &str) -> Vec<(u64, Value)> {
    let paths = description["paths"].as_object().into_iter().flatten();
    let operations = paths
        .flat_map(|(path, item)| item.as_object().into_iter().flatten().map(move |(verb, operation)| (path, verb, operation)));
    operations
        .filter(|(_, _, operation)| operation["tags"][0] == section && operation["deprecated"] != true)
        .map(|(path, verb, operation)| (operation["x-order"].as_u64().unwrap_or_default(), request(path, verb, operation)))
        .collect()
}

fn request(path: &str, verb: &str, operation: &Value) -> Value {
    let mut headers = vec![];
    // Where a partner's token is wanted, the account's is not.
    if operation.pointer("/security/0/Partner").is_some() {
        headers.push(json!({ "key": "Authorization", "value": "Bearer {{partnerToken}}" }));
    } else {
        headers.push(json!({ "key": "Client-Token", "value": "{{clientToken}}" }));
    }
    let mut request = Map::new();
    if let Some(example) = example_of(operation) {
        headers.push(json!({ "key": "Content-Type", "value": "application/json" }));
        let text = serde_json::to_string_pretty(&example).unwrap_or_default();
        let body = json!({ "mode": "raw", "raw": text, "options": { "raw": { "language": "json" } } });
        request.insert("body".to_owned(), body);
    }
    request.insert("method".to_owned(), verb.to_uppercase().into());
    request.insert("header".to_owned(), headers.into());
    request.insert("url".to_owned(), url(path, operation));
    request.insert("description".to_owned(), operation["description"].clone());
    json!({ "name": operation["summary"], "request": request })
}

/// `/instances/{instanceId}/token/{token}/queue/{zaapId}` with variables of the collection for the first two, of the request for others.
fn url(path: &str, operation: &Value) -> Value {
    let mut own = vec![];
    let segments: Vec<String> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| match segment.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
            Some(name @ ("instanceId" | "token")) => format!("{{{{{name}}}}}"),
            Some(name) => {
                own.push(json!({ "key": name, "value": parameter(operation, name)["example"] }));
                format!(":{name}")
            }
            None => segment.to_owned(),
        })
        .collect();
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let query: Vec<Value> = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| {
            let value = parameter.get("example").map(plain).unwrap_or_default();
            let optional = parameter["required"] != true;
            json!({ "key": parameter["name"], "value": value, "description": parameter["description"], "disabled": optional })
        })
        .collect();
    json!({
        "raw": format!("{{{{baseUrl}}}}/{}", segments.join("/")),
        "host": ["{{baseUrl}}"],
        "path": segments,
        "variable": own,
        "query": query,
    })
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn parameter(operation: &Value, name: &str) -> Value {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters
        .filter(|parameter| parameter["name"] == name)
        .find(|parameter| parameter["in"] == "path")
        .cloned()
        .unwrap_or_default()
}

/// The example of the body.
fn example_of(operation: &Value) -> Option<Value> {
    operation.pointer("/requestBody/content/application~1json/example").cloned()
}
