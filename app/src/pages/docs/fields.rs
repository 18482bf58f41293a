//! The fields of a body as rows, inner ones below the field they belong to.

use leptos::prelude::*;
use serde_json::Value;

use super::markdown::prose;
use super::spec::{Operation, Spec, list, text};
use crate::words::Words;

struct Row<'a> {
    name: String,
    required: bool,
    kind: &'static str,
    says: &'a str,
}

/// The table of a body's fields; nothing when it has none.
pub fn body_table(words: Words, spec: Spec<'_>, body: &Value) -> Option<AnyView> {
    let mut rows = vec![];
    let schema = spec.resolved(&body["schema"]);
    let (fields, prefix) = if schema["items"].is_object() { (&schema["items"], "[].") } else { (schema, "") };
    collect(words, spec, fields, prefix, &mut rows);
    (!rows.is_empty()).then(|| table(words, words.t("docs.body"), rows))
}

/// The table of the parameters in the address or the headers; nothing when there are none.
pub fn parameter_table(words: Words, operation: Operation<'_>, place: &'static str, title: &'static str) -> Option<AnyView> {
    let rows: Vec<Row<'_>> = operation
        .parameters(place)
        .map(|parameter| Row {
            name: text(&parameter["name"]).to_owned(),
            required: parameter["required"] == true,
            kind: kind(words, &parameter["schema"]),
            says: text(&parameter["description"]),
        })
        .collect();
    (!rows.is_empty()).then(|| table(words, title, rows))
}

fn collect<'a>(words: Words, spec: Spec<'a>, schema: &'a Value, prefix: &str, rows: &mut Vec<Row<'a>>) {
    let schema = spec.resolved(schema);
    let Some(properties) = schema["properties"].as_object() else { return };
    let mut names: Vec<&str> = list(&schema["x-order"]).map(text).collect();
    names.extend(properties.keys().map(String::as_str).filter(|name| !list(&schema["x-order"]).any(|known| known == name)));
    for name in names {
        let field = spec.resolved(&properties[name]);
        let required = list(&schema["required"]).any(|wanted| wanted == name);
        let name = format!("{prefix}{name}");
        rows.push(Row { name: name.clone(), required, kind: kind(words, field), says: text(&field["description"]) });
        collect(words, spec, field, &format!("{name}."), rows);
        if field["items"].is_object() {
            collect(words, spec, &field["items"], &format!("{name}[]."), rows);
        }
    }
}

/// The type that a field should have; other dress is explained once, in the introduction.
fn kind(words: Words, schema: &Value) -> &'static str {
    let first = schema["type"].as_str().or_else(|| list(&schema["type"]).map(text).find(|name| *name != "null"));
    match first {
        Some("string") => words.t("docs.type_text"),
        Some("integer" | "number") => words.t("docs.type_number"),
        Some("boolean") => words.t("docs.type_boolean"),
        Some("array") => words.t("docs.type_list"),
        Some("object") => words.t("docs.type_object"),
        _ => words.t("docs.type_any"),
    }
}

fn table(words: Words, title: &'static str, rows: Vec<Row<'_>>) -> AnyView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let required = row.required.then(|| view! { " " <strong class="needed">{words.t("docs.required")}</strong> });
            view! {
                <div class="doc-field">
                    <dt><code>{row.name}</code>" "<small>{row.kind}</small>{required}</dt>
                    <dd>{prose(row.says)}</dd>
                </div>
            }
        })
        .collect_view();
    view! { <div><h3>{title}</h3><dl class="doc-fields">{rows}</dl></div> }.into_any()
}
