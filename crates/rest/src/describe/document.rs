//! Puts the description together: what stands at the handlers, and what all routes share.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::refusals::{self, Known};
use super::router::Described;
use super::{Router, common, examples, glossary, operation, postman, webhooks};
use crate::routes::INSTANCE;
use crate::{catalogue, idempotency};

/// Where the description names the documented routes that answer 501.
pub const ROUTES_NOT_BUILT: &str = "x-not-built";

/// The finished description. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Description(Arc<Value>);

impl Description {
    /// Of the whole API, reached at `base` (without a slash at the end; empty for the address the description comes from).
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self::of(&crate::routes::routes(), base)
    }

    fn of(router: &Router, base: &str) -> Self {
        let mut schemas: Map<String, Value> = router.schemas.iter().map(|(name, schema)| (name.clone(), read(schema))).collect();
        schemas.iter_mut().for_each(|(name, schema)| explain(name, schema));
        schemas.values_mut().for_each(examples::as_list);
        schemas.insert("Refusal".to_owned(), common::refusal_schema());
        webhooks::add_schemas(&mut schemas);
        let mut paths: Map<String, Value> = Map::new();
        for (place, described) in router.described.iter().enumerate() {
            let path = operation::public_path(&described.path);
            let finished = finish(described, &path, place, &schemas);
            let item = paths.entry(path).or_insert_with(|| json!({}));
            item[described.verb] = finished;
        }
        let sections = router.described.iter().filter_map(|described| described.section);
        Self(Arc::new(json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Recado",
                "summary": "API REST do Recado, compatível com PlugZapi e Z-API.",
                "description": common::INTRODUCTION,
                "version": env!("CARGO_PKG_VERSION"),
                "license": { "name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only" },
            },
            "servers": [{ "url": if base.is_empty() { "/" } else { base } }],
            "tags": common::tags(sections),
            "paths": paths,
            "webhooks": webhooks::webhooks(),
            "components": {
                "schemas": schemas,
                "parameters": common::parameters(),
                "securitySchemes": common::security_schemes(),
            },
            ROUTES_NOT_BUILT: catalogue::unbuilt(),
        })))
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> &Arc<Value> {
        &self.0
    }

    /// As a collection for Postman (v2.1).
    #[must_use]
    pub fn postman(&self) -> Value {
        postman::collection(&self.0)
    }
}

fn read(written: &impl serde::Serialize) -> Value {
    serde_json::to_value(written).unwrap_or_default()
}

/// Fields of answers that mean the same everywhere are explained here; bodies explain theirs themselves.
fn explain(of: &str, schema: &mut Value) {
    if let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) {
        parts.iter_mut().for_each(|part| explain(of, part));
    }
    if schema.get("x-order").is_some() {
        return;
    }
    // What rustdoc says of the type is for us.
    schema.as_object_mut().map(|schema| schema.remove("description"));
    let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, field) in fields {
        match glossary::answered_field(of, name) {
            Some(says) => field["description"] = says.into(),
            None => drop(field.as_object_mut().and_then(|field| field.remove("description"))),
        }
    }
}

fn finish(described: &Described, path: &str, place: usize, schemas: &Map<String, Value>) -> Value {
    let mut finished = read(&described.operation);
    let of_instance = described.path.starts_with(INSTANCE);
    let of_partner = described.path.contains("/integrator/") || described.path == "/instances";
    finished["operationId"] = operation::anchor(described.verb, path).into();
    finished["x-order"] = place.into();
    finished["tags"] = described.section.into_iter().collect::<Vec<_>>().into();
    finished["security"] = if of_partner { json!([{ common::PARTNER: [] }]) } else { json!([{}, { common::CLIENT_TOKEN: [] }]) };
    let repeatable = described.verb == "post" && !idempotency::is_read(path);
    add_parameters(&mut finished, path, repeatable);
    if let Some(of) = described.alias_of {
        finished["deprecated"] = true.into();
        finished["x-alias-of"] = of.into();
        let says = finished["description"].as_str().unwrap_or_default();
        finished["description"] = format!("Outro nome de `{of}`, para quem já o usa. {says}").trim_end().into();
    }
    examples::settle(&mut finished, schemas);
    let named = take_refusals(&mut finished);
    let body = body_of(&finished, schemas);
    let fields = |key: &str| body.and_then(|body| body.get(key));
    let required = fields("required").and_then(Value::as_array).and_then(|names| names.first()).and_then(Value::as_str);
    let names = fields("x-order").and_then(Value::as_array).cloned().unwrap_or_default();
    let known = Known {
        of_instance,
        of_partner,
        required,
        any_field: names.iter().filter_map(Value::as_str).find(|name| *name != "phone"),
        has_body: finished.get("requestBody").is_some(),
        repeatable,
        phone: path.contains("{phone}") || names.iter().any(|name| name == "phone"),
    };
    if let Some(responses) = finished["responses"].as_object_mut() {
        for (status, response) in refusals::responses(&refusals::of(known, &named)) {
            responses.entry(status).or_insert(response);
        }
    }
    finished
}

fn add_parameters(finished: &mut Value, path: &str, repeatable: bool) {
    let own = finished["parameters"].as_array().cloned().unwrap_or_default();
    let named = |name: &str| own.iter().any(|parameter| parameter["name"] == name && parameter["in"] == "path");
    let mut all: Vec<Value> = operation::parameters(path)
        .filter(|name| !named(name))
        .map(|name| match name {
            "instanceId" | "token" => json!({ "$ref": format!("#/components/parameters/{name}") }),
            other => common::path(other),
        })
        .collect();
    all.extend(own);
    if repeatable {
        all.push(json!({ "$ref": "#/components/parameters/idempotencyKey" }));
    }
    finished["parameters"] = all.into();
}

fn take_refusals(finished: &mut Value) -> Vec<String> {
    let named = finished.as_object_mut().and_then(|operation| operation.remove("x-refusals")).unwrap_or_default();
    named.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// The schema of an operation's JSON body.
fn body_of<'a>(finished: &Value, schemas: &'a Map<String, Value>) -> Option<&'a Value> {
    let schema = finished.pointer("/requestBody/content/application~1json/schema")?;
    let reference = schema.get("$ref").or_else(|| schema.pointer("/items/$ref"))?.as_str()?;
    schemas.get(reference.rsplit('/').next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two types of one name would overwrite each other.
    #[test]
    fn schemas_of_one_name_are_one_schema() {
        let router = crate::routes::routes();
        for (name, schema) in &router.schemas {
            let same = router.schemas.iter().filter(|(other, _)| other == name).all(|(_, other)| other == schema);
            assert!(same, "two types are called {name}: rename one, or give it #[schema(as = …)]");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let description = Description::new("");
        let document = description.json();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(reference).is_some(), "{reference}");
        }
    }

    #[test]
    fn posts_that_change_something_take_a_key_for_repeats() {
        let description = Description::new("");
        let of = |action: &str, verb: &str| {
            let operation = &description.json()["paths"][format!("/instances/{{instanceId}}/token/{{token}}{action}")][verb];
            assert!(operation.is_object(), "{verb} {action}");
            let key = json!({ "$ref": "#/components/parameters/idempotencyKey" });
            let takes = operation["parameters"].as_array().is_some_and(|all| all.contains(&key));
            (takes, operation["responses"].get("409").is_some())
        };
        for action in ["/send-text", "/webhooks/deliveries/resend", "/integrator/on-demand/cancel", "/create-group"] {
            assert_eq!(of(action, "post"), (true, true), "{action}");
        }
        for (action, verb) in [("/queue", "post"), ("/phone-exists-batch", "post"), ("/queue", "get")] {
            assert_eq!(of(action, verb), (false, false), "{verb} {action}");
        }
    }

    #[test]
    fn every_answer_has_a_shape() {
        let description = Description::new("");
        let mut shapeless = vec![];
        for (path, item) in description.json()["paths"].as_object().into_iter().flatten() {
            for (verb, operation) in item.as_object().into_iter().flatten() {
                for (status, response) in operation["responses"].as_object().into_iter().flatten() {
                    let schema = response.pointer("/content/application~1json/schema");
                    if schema.is_some_and(|schema| schema.as_object().is_none_or(Map::is_empty)) {
                        shapeless.push(format!("{verb} {path}: {status}"));
                    }
                }
            }
        }
        assert_eq!(shapeless, Vec::<String>::new(), "for `Value` write `crate::answer::ValueBody`");
    }

    #[test]
    fn every_route_stands_in_a_section_and_explains_itself() {
        for described in crate::routes::routes().described {
            let (verb, path) = (described.verb, &described.path);
            assert!(
                described.section.is_some_and(|name| common::SECTIONS.iter().any(|(known, ..)| *known == name)),
                "{verb} {path}"
            );
            let operation = &described.operation;
            let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
            assert!(said(&operation.summary) && said(&operation.description), "{verb} {path}: summary and description");
            assert!(!operation.responses.responses.is_empty(), "{verb} {path}: no answer");
        }
    }
}
