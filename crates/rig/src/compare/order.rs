//! Order: messages within a chat, callbacks of a message.

use std::collections::HashMap;

use super::Findings;
use crate::callbacks::Kind;
use crate::clients::Intention;
use crate::ledgers::Seen;
use crate::receiver::Call;

/// The messages their clients know, per chat, as WhatsApp took them. Second copies that nobody knows of may come late: the attempt they
/// belong to was given up by its client.
pub(super) fn chats(intentions: &[Intention], seen: &[Seen], found: &mut Findings) {
    let known: HashMap<&str, &Intention> =
        intentions.iter().filter_map(|wish| Some((wish.acknowledged.as_deref()?, wish))).collect();
    let mut last: HashMap<usize, usize> = HashMap::new();
    for wish in seen.iter().filter_map(|message| known.get(message.wire_id.as_str())) {
        let before = last.entry(wish.chat).or_insert(wish.number);
        if wish.number < *before {
            found.reordered.push(format!("{} was seen after number {before} of its chat", wish.own_id()));
        }
        *before = (*before).max(wish.number);
    }
}

/// First calls of a message's callbacks.
pub(super) fn callbacks(calls: &[Call], found: &mut Findings) {
    let mut latest: HashMap<&str, Kind> = HashMap::new();
    let mut begun: std::collections::HashSet<(&str, Kind)> = std::collections::HashSet::new();
    for call in calls.iter().filter(|call| call.fact.kind != Kind::Incoming) {
        let (message, kind) = (call.fact.message.as_str(), call.fact.kind);
        if !begun.insert((message, kind)) {
            continue;
        }
        let before = latest.entry(message).or_insert(kind);
        if kind < *before {
            found.reordered.push(format!("of {message} {} was told before {}", before.as_str(), kind.as_str()));
        }
        *before = (*before).max(kind);
    }
}
