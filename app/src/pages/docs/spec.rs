//! Reads the API's description (OpenAPI 3.1) for the pages.

use serde_json::Value;

/// Where webhooks are shown among the sections.
pub const WEBHOOKS: &str = "webhooks";

/// The description.
#[derive(Debug, Clone, Copy)]
pub struct Spec<'a>(&'a Value);

/// One section of the reference.
#[derive(Debug, Clone, Copy)]
pub struct Section<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is in it.
    pub text: &'a str,
    /// Its part of the address.
    pub slug: &'a str,
}

/// One route, or one callback.
#[derive(Debug, Clone, Copy)]
pub struct Operation<'a> {
    /// Upper or lower case as in the description.
    pub verb: &'a str,
    /// From the root; the name of a callback.
    pub path: &'a str,
    value: &'a Value,
}

impl<'a> Spec<'a> {
    /// Of this document.
    pub const fn new(document: &'a Value) -> Self {
        Self(document)
    }

    /// What holds for all routes, in Markdown.
    pub fn introduction(self) -> &'a str {
        text(&self.0["info"]["description"])
    }

    /// The documented routes that this server answers with 501.
    pub fn not_built(self) -> Vec<&'a str> {
        list(&self.0["x-not-built"]).filter_map(Value::as_str).collect()
    }

    /// The sections in order.
    pub fn sections(self) -> Vec<Section<'a>> {
        list(&self.0["tags"])
            .map(|tag| Section { name: text(&tag["name"]), text: text(&tag["description"]), slug: text(&tag["x-slug"]) })
            .collect()
    }

    /// The routes of a section in order.
    pub fn operations(self, section: &Section<'_>) -> Vec<Operation<'a>> {
        let paths = self.0["paths"].as_object().into_iter().flatten();
        let all = paths.flat_map(|(path, item)| verbs(path, item));
        sorted(all.filter(|operation| operation.value["tags"][0] == section.name))
    }

    /// What is sent to webhooks.
    pub fn callbacks(self) -> Vec<Operation<'a>> {
        sorted(self.0["webhooks"].as_object().into_iter().flatten().flat_map(|(name, item)| verbs(name, item)))
    }

    /// The schema itself, where `schema` only points to it.
    pub fn resolved(self, schema: &'a Value) -> &'a Value {
        let target = schema["$ref"].as_str().and_then(|reference| self.0.pointer(reference.trim_start_matches('#')));
        target.unwrap_or(schema)
    }
}

fn verbs<'a>(path: &'a str, item: &'a Value) -> impl Iterator<Item = Operation<'a>> {
    item.as_object().into_iter().flatten().map(move |(verb, value)| Operation { verb, path, value })
}

fn sorted<'a>(operations: impl Iterator<Item = Operation<'a>>) -> Vec<Operation<'a>> {
    let mut all: Vec<_> = operations.collect();
    all.sort_by_key(|operation| operation.value["x-order"].as_u64());
    all
}

impl<'a> Operation<'a> {
    /// Its place on its page.
    pub fn anchor(self) -> &'a str {
        text(&self.value["operationId"])
    }

    /// In a few words.
    pub fn summary(self) -> &'a str {
        text(&self.value["summary"])
    }

    /// In Markdown.
    pub fn description(self) -> &'a str {
        text(&self.value["description"])
    }

    /// An older name of another route.
    pub fn is_deprecated(self) -> bool {
        self.value["deprecated"] == true
    }

    /// Below the instance, as people speak of it: `/send-text`.
    pub fn action(self) -> &'a str {
        self.path.strip_prefix("/instances/{instanceId}/token/{token}").unwrap_or(self.path)
    }

    /// For partners: a bearer token.
    pub fn of_partners(self) -> bool {
        self.value.pointer("/security/0/Partner").is_some()
    }

    /// Parameters in `place` (`query`, `header`, `path`), without those that every route has.
    pub fn parameters(self, place: &'static str) -> impl Iterator<Item = &'a Value> {
        list(&self.value["parameters"]).filter(move |parameter| parameter["in"] == place)
    }

    /// The JSON body: schema, example, required.
    pub fn body(self) -> Option<&'a Value> {
        self.value.pointer("/requestBody/content/application~1json")
    }

    /// Status, description, JSON content; by status.
    pub fn responses(self) -> impl Iterator<Item = (&'a str, &'a str, Option<&'a Value>)> {
        self.value["responses"].as_object().into_iter().flatten().map(|(status, response)| {
            (status.as_str(), text(&response["description"]), response.pointer("/content/application~1json"))
        })
    }

    /// Does it speak of this? `wanted` in lower case.
    pub fn mentions(self, spec: Spec<'a>, wanted: &str) -> bool {
        let fields = self.body().map(|body| spec.resolved(&body["schema"])).and_then(|schema| schema["properties"].as_object());
        let names = fields.into_iter().flat_map(|fields| fields.keys().map(String::as_str));
        let route = format!("{} {}", self.verb, self.action());
        let texts = [route.as_str(), self.summary(), self.description()];
        texts.into_iter().chain(names).any(|text| text.to_lowercase().contains(wanted))
    }
}

/// A text, or nothing.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The items of an array, or none.
pub fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
