//! Events as sentences: who, when, by which way, where in the log, and what it was before and is now.

use std::collections::HashMap;

use recado_event_store::history::earlier;
use recado_event_store::{Position, RecordedEvent};
use recado_kernel::{AccountId, Timestamp};

use super::fields::{Fields, open, raw_fields};
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
    /// Where it stands in the log.
    pub place: Position,
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

/// How many earlier events of each thing are looked at. What changed longer ago is not claimed to have changed.
const LOOKED_BACK: i64 = 64;

/// Tells events in the order given. What it reads is bounded by their number, however long the streams behind them are.
///
/// # Errors
/// The database.
pub async fn tell(member: &Member, events: &[RecordedEvent]) -> Result<Vec<Told>, Failure> {
    let words = member.words();
    let people = People::of(member, events).await?;
    let known = known(member, events).await?;
    let nothing = Known::default();
    let told = events.iter().map(|event| {
        let aggregate = (event.aggregate_type.clone(), event.aggregate_id.clone());
        let (before, now) = known.get(&aggregate).unwrap_or(&nothing).around(event.sequence);
        Told {
            sentence: sentence(words, event, &before.all, &now),
            actor: people.actor(words, event),
            door: door(words, event.door),
            at: event.occurred_at,
            place: event.position,
            account: event.account_id,
            aggregate,
            sequence: event.sequence,
            changes: if event.sequence == 1 { vec![] } else { changes(words, &before, &now) },
        }
    });
    Ok(told.collect())
}

/// What is known of one thing: its first event, and later ones up to the page's newest, oldest first.
#[derive(Debug, Default)]
struct Known {
    first: Option<Fields>,
    later: Vec<(i64, Fields)>,
    /// Nothing happened between the first and the later ones.
    is_whole: bool,
}

/// What held before an event.
#[derive(Debug, Default)]
struct Before {
    all: Fields,
    /// Fields whose last value is known for certain.
    certain: Fields,
    is_whole: bool,
}

impl Known {
    /// What was known before the event, and what the event says.
    fn around(&self, sequence: i64) -> (Before, Fields) {
        let mut before = Before { is_whole: self.is_whole, ..Before::default() };
        if let Some(first) = &self.first {
            if sequence == 1 {
                return (before, first.clone());
            }
            before.all.extend(first.clone());
            if self.is_whole {
                before.certain.extend(first.clone());
            }
        }
        for (at, fields) in &self.later {
            if *at == sequence {
                return (before, fields.clone());
            }
            before.all.extend(fields.clone());
            before.certain.extend(fields.clone());
        }
        (before, Fields::new())
    }
}

/// Every thing on the page with its fields: two queries, one for the events, one for the keys of what is sealed in them.
async fn known(member: &Member, page: &[RecordedEvent]) -> Result<HashMap<(String, String), Known>, Failure> {
    let platform = &member.panel.platform;
    let mut accounts: Vec<AccountId> = page.iter().map(|event| event.account_id).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let mut all: HashMap<(String, String), (bool, Vec<RecordedEvent>)> = HashMap::new();
    for account in accounts {
        for (thing, before) in earlier(platform.pool(), account, page, LOOKED_BACK).await? {
            let is_whole = before.is_whole();
            all.insert(thing, (is_whole, before.first.into_iter().chain(before.recent).collect()));
        }
    }
    for event in page {
        let thing = (event.aggregate_type.clone(), event.aggregate_id.clone());
        all.entry(thing).or_insert_with(|| (true, vec![])).1.push(event.clone());
    }
    let mut flat: Vec<((String, String), bool, i64, Fields)> = all
        .into_iter()
        .flat_map(|(thing, (is_whole, events))| {
            events.into_iter().map(move |event| (thing.clone(), is_whole, event.sequence, raw_fields(&event)))
        })
        .collect();
    open(member.words(), &platform.vault, flat.iter_mut().map(|(_, _, _, fields)| fields)).await?;
    flat.sort_by_key(|(_, _, sequence, _)| *sequence);
    let mut known: HashMap<(String, String), Known> = HashMap::new();
    for (thing, is_whole, sequence, fields) in flat {
        let of = known.entry(thing).or_default();
        of.is_whole = is_whole;
        if sequence == 1 { of.first = Some(fields) } else { of.later.push((sequence, fields)) }
    }
    Ok(known)
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

/// Fields with a name for people whose value is another one than before. Where the past is not known whole, only fields whose last
/// value is.
fn changes(words: Words, before: &Before, now: &Fields) -> Vec<Change> {
    let written = |name: &str, text: Option<&String>| {
        text.filter(|text| !text.is_empty()).map(|text| super::fields::for_people(words, name, text)).unwrap_or_default()
    };
    now.iter()
        .filter(|(name, _)| before.is_whole || before.certain.contains_key(*name))
        .filter_map(|(name, text)| {
            let label = words.find(&format!("change.{name}"))?;
            let change = Change { label, before: written(name, before.certain.get(name)), after: written(name, Some(text)) };
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
        let known = Known {
            first: Some(set(&[("name", "Loja"), ("reason", "x")])),
            later: vec![(2, set(&[("connection", "y")])), (3, set(&[("name", "Loja nova")]))],
            is_whole: true,
        };
        let (before, now) = known.around(3);
        let words = Words::new(Locale::PtBr);
        let found = changes(words, &before, &now);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].before.as_str(), found[0].after.as_str()), ("Loja", "Loja nova"));
        assert!(known.around(1).0.all.is_empty(), "nothing came before the first");
    }

    #[test]
    fn what_was_not_looked_at_is_not_claimed_to_have_changed() {
        let later = vec![(90, set(&[("connection", "y")])), (91, set(&[("name", "Loja nova"), ("connection", "z")]))];
        let known = Known { first: Some(set(&[("name", "Loja")])), later, is_whole: false };
        let (before, now) = known.around(91);
        let found = changes(Words::new(Locale::PtBr), &before, &now);
        let said: Vec<(&str, &str)> = found.iter().map(|change| (change.before.as_str(), change.after.as_str())).collect();
        assert_eq!(said, [("y", "z")], "the name may have been another one in between");
        assert_eq!(before.all.get("name").map(String::as_str), Some("Loja"), "but it serves for telling the story");
    }
}
