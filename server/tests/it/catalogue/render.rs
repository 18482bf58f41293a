//! The catalogue as Markdown.

use std::fmt::Write as _;

use recado_event_store::stored::{AggregateEvents, EventDefinition};

use super::fields::fields;
use super::{Context, Golden, golden};

pub const REGENERATE: &str = "RECADO_WRITE_CATALOGUE=1 cargo test -p recado-server --test it catalogue";

/// Who reads an event: context and projection.
struct Consumer {
    context: &'static str,
    name: &'static str,
    wants: &'static [&'static str],
}

impl Consumer {
    fn reads(&self, event_type: &str) -> bool {
        self.wants.is_empty() || self.wants.contains(&event_type)
    }
}

/// The whole page.
pub fn catalogue(contexts: &[Context]) -> String {
    let consumers: Vec<Consumer> = contexts
        .iter()
        .flat_map(|context| {
            context.projections.iter().map(|projection| Consumer {
                context: context.name,
                name: projection.name(),
                wants: projection.event_types(),
            })
        })
        .collect();
    let mut text = format!(
        "# Event catalogue\n\n\
         Written by a test from the event definitions, the golden files and the projections: do not edit, run\n\
         `{REGENERATE}`. `recado events catalogue` prints it.\n\n\
         Every event also carries the account, the actor and the door, the command id, the correlation and cause, business time\n\
         (`occurred_at`) and the time of recording. The payload repeats the wire name as `type`. A field of kind *sealed text* is\n\
         personal data under its subject's key: it can be erased by destroying the key. *Optional* fields may be `null` or missing.\n",
    );
    for context in contexts {
        let files = golden(context);
        write_to(&mut text, &format!("\n## {}\n", context.name));
        for aggregate in &context.aggregates {
            one_aggregate(&mut text, aggregate, &files, &consumers);
        }
    }
    text
}

fn one_aggregate(text: &mut String, aggregate: &AggregateEvents, files: &[Golden], consumers: &[Consumer]) {
    write_to(text, &format!("\n### Aggregate `{}`\n", aggregate.aggregate_type));
    for definition in aggregate.definitions {
        one_event(text, definition, aggregate, files, consumers);
    }
    for step in aggregate.upcasters.iter().filter(|step| !aggregate.definitions.iter().any(|d| d.event_type == step.from().0)) {
        let ((from, version), (to, next)) = (step.from(), step.to());
        write_to(text, &format!("\n#### `{from}` v{version} (not written any more)\n\nRead as `{to}` v{next}.\n"));
    }
}

fn one_event(
    text: &mut String,
    definition: &EventDefinition,
    aggregate: &AggregateEvents,
    files: &[Golden],
    consumers: &[Consumer],
) {
    let EventDefinition { event_type, version, meaning, sealed } = definition;
    write_to(text, &format!("\n#### `{event_type}` v{version}\n\n{}  \n*{}*\n", meaning.en, meaning.pt));
    let events: Vec<_> = files
        .iter()
        .filter(|file| file.event_type == *event_type && file.version == *version)
        .flat_map(|file| file.events.iter().cloned())
        .collect();
    let fields = fields(&events, sealed);
    if !fields.is_empty() {
        write_to(text, "\n| Field | Kind | Optional | Example |\n|---|---|---|---|\n");
        for (name, field) in &fields {
            let optional = if field.optional { "yes" } else { "" };
            write_to(text, &format!("| `{name}` | {} | {optional} | `{}` |\n", field.kind(), field.example));
        }
    }
    let older: Vec<String> = aggregate
        .upcasters
        .iter()
        .filter(|step| step.from().0 == *event_type)
        .map(|step| format!("v{} is read as `{}` v{}", step.from().1, step.to().0, step.to().1))
        .collect();
    if !older.is_empty() {
        write_to(text, &format!("\nOlder: {}.\n", older.join("; ")));
    }
    let personal = if sealed.is_empty() { "none".to_owned() } else { format!("`{}` (sealed)", sealed.join("`, `")) };
    let readers: Vec<String> = consumers
        .iter()
        .filter(|consumer| consumer.reads(event_type))
        .map(|consumer| format!("{} `{}`", consumer.context, consumer.name))
        .collect();
    let readers = if readers.is_empty() { "nobody but the aggregate and the time line".to_owned() } else { readers.join(", ") };
    write_to(text, &format!("\nPersonal data: {personal}. Read by: {readers}.\n"));
}

fn write_to(text: &mut String, more: &str) {
    write!(text, "{more}").unwrap();
}
