//! The comparison: pure. Every message that was accepted must be in every other ledger, once, in the order of its chat.

mod order;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::callbacks::{Fact, Kind};
use crate::clients::Intention;
use crate::ledgers::{Ledgers, Seen, Story};
use crate::plan::Chat;

/// What is wrong, in sentences, and what is merely worth telling.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Accepted, and missing somewhere.
    pub lost: Vec<String>,
    /// Twice where once was promised.
    pub duplicated: Vec<String>,
    /// Out of order within a chat, or callbacks of a message out of order.
    pub reordered: Vec<String>,
    /// Answers that break the contract.
    pub offences: Vec<String>,
    /// Second messages of clients without a key whose answer was lost: theirs, not the product's.
    pub unacknowledged_repeats: usize,
    /// Callbacks the receiver had taken already and got again under the same delivery.
    pub repeated_calls: usize,
    /// Messages written by the simulated phones.
    pub answers: usize,
}

impl Findings {
    /// Nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty() && self.duplicated.is_empty() && self.reordered.is_empty() && self.offences.is_empty()
    }
}

/// Compares everything. `keys`: the server keeps its promise about `Idempotency-Key`.
pub fn compare(chats: &[Chat], intentions: &[Intention], ledgers: &Ledgers, keys: bool) -> Findings {
    let mut found = Findings::default();
    let stories: HashMap<&str, &Story> = ledgers.stories.iter().map(|story| (story.wire_id.as_str(), story)).collect();
    let seen: HashSet<&str> = ledgers.seen.iter().map(|seen| seen.wire_id.as_str()).collect();
    let taken: HashSet<&Fact> = ledgers.calls.iter().filter(|call| call.taken).map(|call| &call.fact).collect();
    let told = |wire_id: &str, kind| taken.contains(&Fact { message: wire_id.to_owned(), kind });

    let mut copies: BTreeMap<&str, Vec<&Story>> = BTreeMap::new();
    for story in &ledgers.stories {
        if let Some(own_id) = &story.own_id {
            copies.entry(own_id).or_default().push(story);
        }
    }
    for wish in intentions {
        found.offences.extend(wish.offence.clone());
        let own_id = wish.own_id();
        let stored = copies.get(own_id.as_str()).map_or(&[][..], Vec::as_slice);
        if let Some(wire_id) = &wish.acknowledged {
            if !stories.contains_key(wire_id.as_str()) {
                found.lost.push(format!("{own_id} was accepted as {wire_id}, the store has no event of it"));
            }
        } else {
            found.offences.push(format!("{own_id} was never answered: {} attempts without answer", wish.unanswered));
        }
        second_copies(wish, stored, keys, &mut found);
        // A second copy must go its way to the end like any other.
        for story in stored {
            complete(&own_id, story, chats.get(wish.chat), &seen, &told, &mut found);
        }
    }
    let ours: HashSet<String> = intentions.iter().map(Intention::own_id).collect();
    for (own_id, _) in copies.iter().filter(|(own_id, _)| !ours.contains(**own_id)) {
        found.offences.push(format!("the store has {own_id}, which nobody sent"));
    }
    whatsapp_copies(&ledgers.seen, &mut found);
    for answer in ledgers.seen.iter().filter(|seen| seen.typed) {
        found.answers += 1;
        received(answer, &stories, &told, &mut found);
    }
    deliveries(ledgers, &mut found);
    order::chats(intentions, &ledgers.seen, &mut found);
    order::callbacks(&ledgers.calls, &mut found);
    found
}

/// More than one message for one intention: only lost answers of a client without a key excuse it, one each.
fn second_copies(wish: &Intention, stored: &[&Story], keys: bool, found: &mut Findings) {
    let extra = stored.len().saturating_sub(1);
    let excused = if wish.keyed && keys { 0 } else { extra.min(wish.unanswered) };
    found.unacknowledged_repeats += excused;
    for _ in excused..extra {
        found.duplicated.push(format!(
            "{} is {} messages; {} attempts had no answer, {} were refused{}",
            wish.own_id(),
            stored.len(),
            wish.unanswered,
            wish.refused,
            if wish.keyed { ", all had the same Idempotency-Key" } else { "" }
        ));
    }
}

/// One stored message: seen by WhatsApp, its events once each, its callbacks taken.
fn complete(
    own_id: &str,
    story: &Story,
    chat: Option<&Chat>,
    seen: &HashSet<&str>,
    told: &impl Fn(&str, Kind) -> bool,
    found: &mut Findings,
) {
    let wire_id = story.wire_id.as_str();
    if !seen.contains(wire_id) {
        let events: Vec<&str> = story.events.keys().map(String::as_str).collect();
        let reason = story.reason.as_deref().unwrap_or("no reason is stored");
        found.lost.push(format!("{own_id} ({wire_id}) was never seen by WhatsApp; its events: {} ({reason})", events.join(", ")));
        return;
    }
    let reads = chat.is_some_and(|chat| chat.answers);
    let steps = [
        ("message.sent", Some(Kind::Sent), true),
        ("message.received", Some(Kind::Received), true),
        ("message.read", Some(Kind::Read), reads),
    ];
    for (event, kind, wanted) in steps {
        match story.events.get(event) {
            None if wanted => found.lost.push(format!("{own_id} ({wire_id}) has no {event}")),
            Some(times) if *times > 1 => found.duplicated.push(format!("{own_id} ({wire_id}) has {times} times {event}")),
            _ => {}
        }
        if let Some(kind) = kind.filter(|kind| wanted && !told(wire_id, *kind)) {
            found.lost.push(format!("{own_id} ({wire_id}): the receiver never took {}", kind.as_str()));
        }
    }
    if !told(wire_id, Kind::Delivery) {
        found.lost.push(format!("{own_id} ({wire_id}): the receiver never took {}", Kind::Delivery.as_str()));
    }
}

/// What a simulated phone wrote: an event and a callback.
fn received(answer: &Seen, stories: &HashMap<&str, &Story>, told: &impl Fn(&str, Kind) -> bool, found: &mut Findings) {
    let wire_id = answer.wire_id.as_str();
    match stories.get(wire_id).and_then(|story| story.events.get("message.incoming")) {
        None => found.lost.push(format!("the answer {wire_id} from {} has no message.incoming", answer.sender)),
        Some(1) => {}
        Some(times) => found.duplicated.push(format!("the answer {wire_id} has {times} times message.incoming")),
    }
    if !told(wire_id, Kind::Incoming) {
        found.lost.push(format!("the answer {wire_id} from {}: the receiver never took ReceivedCallback", answer.sender));
    }
}

/// The same id twice at one recipient.
fn whatsapp_copies(seen: &[Seen], found: &mut Findings) {
    let mut known = HashSet::new();
    for message in seen {
        if !known.insert((message.sender.as_str(), message.recipient.as_str(), message.wire_id.as_str())) {
            found.duplicated.push(format!("WhatsApp has {} twice", message.wire_id));
        }
    }
}

/// One fact is one delivery, however often it is called.
fn deliveries(ledgers: &Ledgers, found: &mut Findings) {
    let mut by_fact: HashMap<&Fact, (BTreeSet<&str>, bool)> = HashMap::new();
    for call in &ledgers.calls {
        let (ids, taken) = by_fact.entry(&call.fact).or_default();
        ids.extend(call.delivery.as_deref());
        found.repeated_calls += usize::from(*taken);
        *taken |= call.taken;
    }
    for (fact, (ids, _)) in by_fact.iter().filter(|(_, (ids, _))| ids.len() > 1) {
        found.duplicated.push(format!("{} of {} came as {} different deliveries", fact.kind.as_str(), fact.message, ids.len()));
    }
    found.duplicated.extend(ledgers.doubled.iter().map(|fact| format!("the store made several deliveries of one fact: {fact}")));
}
