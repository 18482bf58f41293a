//! Events as sentences: who, when, by which way, where in the log, and what it was before and is now.

use std::collections::HashMap;

use recado_event_store::{RecordedEvent, reader};
use recado_kernel::{AccountId, Timestamp};

use super::fields::{Fields, fields};
use super::people::{People, door};
use crate::web::failure::Failure;
use crate::web::visit::Member;
use crate::words::{Words, fill};

/// One event, told.
#[derive(Debug, Clone)]
pub struct Told {
    /// What happened.
    pub sentence: String,
    /// Who did it.
    pub actor: String,
    /// Which way it came in.
    pub door: &'static str,
    /// Business time.
    pub at: Timestamp,
    /// Global position.
    pub position: i64,
    /// Whose.
    pub account: AccountId,
    /// Kind and id of the thing it happened to.
    pub aggregate: (String, String),
    /// Sequence within it.
    pub sequence: i64,
    /// What changed.
    pub changes: Vec<Change>,
}

/// One field that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What the field is called.
    pub label: &'static str,
    /// Before; empty when there was nothing.
    pub before: String,
    /// After; empty when there is nothing any more.
    pub after: String,
}

/// Tells events in the order given.
///
/// # Errors
/// The database.
pub async fn tell(member: &Member, events: &[RecordedEvent]) -> Result<Vec<Told>, Failure> {
    let words = member.words();
    let people = People::of(member, events).await?;
    let mut streams: HashMap<(String, String), Vec<(i64, Fields)>> = HashMap::new();
    let mut told = Vec::with_capacity(events.len());
    for event in events {
        let aggregate = (event.aggregate_type.clone(), event.aggregate_id.clone());
        if !streams.contains_key(&aggregate) {
            streams.insert(aggregate.clone(), history(member, event).await?);
        }
        let (before, now) = around(streams.get(&aggregate).map_or(&[], Vec::as_slice), event.sequence);
        told.push(Told {
            sentence: sentence(words, event, &before, &now),
            actor: people.actor(words, event),
            door: door(words, event.door),
            at: event.occurred_at,
            position: event.position.position,
            account: event.account_id,
            aggregate,
            sequence: event.sequence,
            changes: changes(words, &before, &now),
        });
    }
    Ok(told)
}

/// Every event of the same thing with its fields.
async fn history(member: &Member, event: &RecordedEvent) -> Result<Vec<(i64, Fields)>, Failure> {
    let platform = &member.panel.platform;
    let stream = reader::read_stream(platform.pool(), &event.aggregate_type, &event.aggregate_id, 0).await?;
    let mut known = Vec::with_capacity(stream.len());
    for earlier in stream.iter().filter(|earlier| earlier.account_id == event.account_id) {
        known.push((earlier.sequence, fields(member.words(), &platform.vault, earlier).await?));
    }
    Ok(known)
}

/// What was known before the event, and what the event says.
fn around(stream: &[(i64, Fields)], sequence: i64) -> (Fields, Fields) {
    let mut before = Fields::new();
    for (at, fields) in stream {
        if *at == sequence {
            return (before, fields.clone());
        }
        before.extend(fields.clone());
    }
    (before, Fields::new())
}

fn sentence(words: Words, event: &RecordedEvent, before: &Fields, now: &Fields) -> String {
    let Some(template) = words.find(&format!("event.{}", event.event_type)) else {
        return words.with("event_unknown", &[("type", &event.event_type)]);
    };
    let mut all = before.clone();
    all.extend(now.clone());
    let shown: Vec<(String, String)> =
        all.into_iter().map(|(name, text)| (name.clone(), super::fields::for_people(words, &name, &text))).collect();
    let values: Vec<(&str, &str)> = shown.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    fill(template, &values)
}

/// Fields with a name for people whose value is another one than before; the first event of a thing changes nothing.
fn changes(words: Words, before: &Fields, now: &Fields) -> Vec<Change> {
    if before.is_empty() {
        return vec![];
    }
    let written = |name: &str, text: Option<&String>| {
        text.filter(|text| !text.is_empty()).map(|text| super::fields::for_people(words, name, text)).unwrap_or_default()
    };
    now.iter()
        .filter_map(|(name, text)| {
            let label = words.find(&format!("change.{name}"))?;
            let change = Change { label, before: written(name, before.get(name)), after: written(name, Some(text)) };
            (change.before != change.after).then_some(change)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use recado_kernel::Locale;

    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Fields {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn a_change_is_what_differs_from_all_that_came_before() {
        let stream = vec![
            (1, set(&[("name", "Loja"), ("reason", "x")])),
            (2, set(&[("connection", "y")])),
            (3, set(&[("name", "Loja nova")])),
        ];
        let (before, now) = around(&stream, 3);
        let words = Words::new(Locale::PtBr);
        let found = changes(words, &before, &now);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].before.as_str(), found[0].after.as_str()), ("Loja", "Loja nova"));
        let (before, now) = around(&stream, 1);
        assert!(changes(words, &before, &now).is_empty(), "the first event changes nothing");
    }
}
