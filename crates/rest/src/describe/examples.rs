//! Every JSON body of the description has its example at one place, `content."application/json".example`, wherever it was written.

use serde_json::{Map, Value};

type Schemas = Map<String, Value>;

/// A type's `example` as OpenAPI 3.1 wants it: the first of its `examples`.
pub(super) fn as_list(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(example) = schema.remove("example") {
        schema.insert("examples".to_owned(), Value::Array(vec![example]));
    }
}

/// Gives the body and the answers of an operation the examples of their types. A body that may be left out is one type, not required.
pub(super) fn settle(operation: &mut Value, schemas: &Schemas) {
    if let Some(body) = operation.get_mut("requestBody") {
        if let Some(inner) = body.pointer("/content/application~1json/schema/oneOf").and_then(without_null) {
            body["content"]["application/json"]["schema"] = inner;
            body["required"] = false.into();
        }
        add(body, schemas);
    }
    for response in operation["responses"].as_object_mut().into_iter().flat_map(|responses| responses.values_mut()) {
        add(response, schemas);
    }
}

fn without_null(choices: &Value) -> Option<Value> {
    let mut others = choices.as_array()?.iter().filter(|choice| choice["type"] != "null");
    let only = others.next()?.clone();
    others.next().is_none().then_some(only)
}

fn add(holder: &mut Value, schemas: &Schemas) {
    let Some(content) = holder.pointer_mut("/content/application~1json") else { return };
    if content.get("example").is_none()
        && content.get("examples").is_none()
        && let Some(example) = of_schema(&content["schema"], schemas)
    {
        content["example"] = example;
    }
}

fn of_schema(schema: &Value, schemas: &Schemas) -> Option<Value> {
    if let Some(example) = schema.get("examples").and_then(|examples| examples.get(0)) {
        return Some(example.clone());
    }
    if let Some(items) = schema.get("items") {
        return Some(Value::Array(vec![of_schema(items, schemas)?]));
    }
    let name = schema.get("$ref")?.as_str()?.rsplit('/').next()?;
    of_schema(schemas.get(name)?, schemas)
}
