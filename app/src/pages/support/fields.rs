//! An event's payload as flat fields, opened and written for people. Secrets never come this far.

use std::collections::BTreeMap;

use recado_event_store::{Opened, RecordedEvent, Vault};
use recado_kernel::{Money, PhoneNumber, Sealed, Timestamp};
use serde_json::Value;

use crate::web::failure::Failure;
use crate::words::Words;

/// Flat name (`webhooks.received`) to text.
pub type Fields = BTreeMap<String, String>;

/// The fields of an event that may be shown, and what it implies; what is sealed is still sealed.
pub fn raw_fields(event: &RecordedEvent) -> Fields {
    let mut flat = Fields::new();
    flatten("", &event.payload, &mut flat);
    flat.extend(implied(&event.event_type).iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    flat
}

/// Opens every seal in many sets of fields at once and writes what it says for people.
///
/// # Errors
/// The vault does not answer.
pub async fn open<'a>(words: Words, vault: &Vault, sets: impl Iterator<Item = &'a mut Fields>) -> Result<(), Failure> {
    let sealed = sets.flat_map(|fields| fields.iter_mut()).filter(|(_, text)| Vault::looks_sealed(text));
    let (names, mut texts): (Vec<&String>, Vec<&mut String>) = sealed.unzip();
    let tokens: Vec<Sealed> = texts.iter().map(|text| Sealed::from_token((**text).clone())).collect();
    for ((name, text), opened) in names.into_iter().zip(&mut texts).zip(vault.unseal_many(&tokens).await?) {
        match opened {
            Opened::Text(said) => **text = for_people(words, name, &said),
            Opened::Erased => **text = words.t("common.erased").to_owned(),
            Opened::NotSealed => {}
        }
    }
    Ok(())
}

/// Most fields of one value that are shown: a month's closing holds thousands.
const MOST: usize = 400;

/// A whole value as flat fields, lists included; secrets left out.
pub fn flat(value: &Value) -> Fields {
    let mut fields = Fields::new();
    flatten_all("", value, &mut fields);
    fields
}

fn flatten_all(prefix: &str, value: &Value, fields: &mut Fields) {
    let below = |name: &str| if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") };
    match value {
        _ if fields.len() >= MOST => {}
        Value::Object(inner) => {
            let shown = inner.iter().filter(|(name, _)| !is_secret(name));
            shown.for_each(|(name, value)| flatten_all(&below(name), value, fields));
        }
        Value::Array(inner) => inner.iter().enumerate().for_each(|(n, value)| flatten_all(&below(&n.to_string()), value, fields)),
        leaf => flatten(prefix, leaf, fields),
    }
}

fn flatten(prefix: &str, value: &Value, flat: &mut Fields) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if !is_secret(name) {
                    let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                    flatten(&name, value, flat);
                }
            }
        }
        Value::String(text) => drop(flat.insert(prefix.to_owned(), text.clone())),
        Value::Number(number) => drop(flat.insert(prefix.to_owned(), number.to_string())),
        Value::Bool(yes) => drop(flat.insert(prefix.to_owned(), yes.to_string())),
        Value::Null => drop(flat.insert(prefix.to_owned(), String::new())),
        // Lists (invoice lines) are pages of their own.
        Value::Array(_) => {}
    }
}

/// Never shown, whatever it holds.
pub fn is_secret(name: &str) -> bool {
    name.ends_with("_protected") || name.ends_with("_digest") || matches!(name, "protected" | "digest" | "secret")
}

/// The states that follow from the event's mere name.
fn implied(event_type: &str) -> &'static [(&'static str, &'static str)] {
    match event_type {
        "instance.created" => &[("connection", "disconnected"), ("service", "trial"), ("notify_sent_by_me", "false")],
        "instance.pairing_started" => &[("connection", "pairing")],
        "instance.paired" | "instance.reconnected" => &[("connection", "connected")],
        "instance.disconnected" => &[("connection", "disconnected")],
        "instance.subscribed" => &[("service", "paid")],
        "instance.subscription_cancelled" => &[("service", "canceling")],
        "instance.trial_expired" => &[("service", "pending")],
        "instance.service_ended" => &[("service", "canceled")],
        "message.accepted" => &[("status", "queued")],
        "message.sending" => &[("status", "sending")],
        "message.sent" => &[("status", "sent")],
        "message.received" => &[("status", "received")],
        "message.read" => &[("status", "read")],
        "message.played" => &[("status", "played")],
        "message.refused" => &[("status", "refused")],
        "message.cancelled" => &[("status", "cancelled")],
        "message.uncertain" => &[("status", "uncertain")],
        "account.registered" => &[("client_token", "inactive")],
        "account.client_token_activated" => &[("client_token", "active")],
        _ => &[],
    }
}

/// A value as the reader's language writes it.
pub fn for_people(words: Words, name: &str, text: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    if let Some(known) = words.find(&format!("value.{last}.{text}")) {
        return known.to_owned();
    }
    match last {
        // An invoice has a number too, with a hyphen.
        "number" | "chat" | "contact" if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse::<PhoneNumber>().map_or_else(|_| text.to_owned(), |phone| phone.to_display())
        }
        "document" => text.parse::<recado_kernel::Document>().map_or_else(|_| text.to_owned(), |document| document.masked()),
        "total" | "amount" => text.parse::<Money>().map_or_else(|_| text.to_owned(), |money| words.money(money)),
        "competencia" => text.parse().map_or_else(|_| text.to_owned(), |month| words.month(month)),
        "until" => moment(words, text),
        "instance" => text.parse::<recado_kernel::InstanceId>().map_or_else(|_| text.to_owned(), |instance| instance.public()),
        name if name.ends_with("_at") => moment(words, text),
        _ if text == "true" => words.t("common.yes").to_owned(),
        _ if text == "false" => words.t("common.no").to_owned(),
        _ => text.to_owned(),
    }
}

fn moment(words: Words, text: &str) -> String {
    text.parse::<Timestamp>().map_or_else(|_| text.to_owned(), |at| words.moment(at))
}

#[cfg(test)]
mod tests {
    use recado_kernel::Locale;
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_left_out_and_the_rest_is_flat() {
        let mut flat = Fields::new();
        let payload = json!({"token_protected": "x", "token_digest": "y", "name": "Loja", "webhooks": {"received": "https://a", "sent": null}, "n": 2, "list": [1]});
        flatten("", &payload, &mut flat);
        let names: Vec<&str> = flat.keys().map(String::as_str).collect();
        assert_eq!(names, ["n", "name", "webhooks.received", "webhooks.sent"]);
    }

    #[test]
    fn values_are_written_for_people() {
        let words = Words::new(Locale::PtBr);
        assert_eq!(for_people(words, "statement.total", "99.90"), "R$\u{a0}99,90");
        assert_eq!(for_people(words, "ends_at", "2026-10-05T12:00:00Z"), "05/10/2026 09:00");
        assert_eq!(for_people(words, "number", "5562900000001"), "+55 62 90000-0001");
        assert_eq!(for_people(words, "number", "2026-000001"), "2026-000001", "an invoice's");
    }
}
