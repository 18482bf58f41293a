//! A state for people: without secrets, with what is sealed opened, with names for its fields.

use recado_event_store::history::{Segment, StateAt};
use recado_event_store::{Opened, Vault};
use recado_kernel::Sealed;
use serde_json::Value;

use crate::pages::support::fields::{Fields, flat, for_people, is_secret};
use crate::web::failure::Failure;
use crate::words::Words;

/// Takes the secrets out of states and opens what is sealed in them, all at once.
///
/// # Errors
/// The vault does not answer.
pub async fn open_states(words: Words, vault: &Vault, found: &mut [Option<StateAt>]) -> Result<(), Failure> {
    let mut seals: Vec<Sealed> = vec![];
    for state in found.iter_mut().flatten() {
        visit(&mut state.state, &mut |text| seals.push(Sealed::from_token(text.clone())));
    }
    let mut opened = vault.unseal_many(&seals).await?.into_iter();
    for state in found.iter_mut().flatten() {
        visit(&mut state.state, &mut |text| match opened.next() {
            Some(Opened::Text(said)) => *text = said,
            Some(Opened::Erased) => words.t("common.erased").clone_into(text),
            Some(Opened::NotSealed) | None => {}
        });
    }
    Ok(())
}

/// Drops secrets and calls `sealed` for every text that looks like a seal, always in the same order.
fn visit(value: &mut Value, sealed: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !is_secret(name));
            fields.values_mut().for_each(|value| visit(value, sealed));
        }
        Value::Array(elements) => elements.iter_mut().for_each(|value| visit(value, sealed)),
        Value::String(text) if Vault::looks_sealed(text) => sealed(text),
        _ => {}
    }
}

/// A value's own fields, named from the whole state's root.
pub fn below(path: &[Segment], value: &Value) -> Fields {
    let parts: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            Segment::Field(name) => name.clone(),
            Segment::Index(n) => n.to_string(),
        })
        .collect();
    let root = parts.join(".");
    let joined = |name: String| match (root.is_empty(), name.is_empty()) {
        (true, _) => name,
        (false, true) => root.clone(),
        (false, false) => format!("{root}.{name}"),
    };
    flat(value).into_iter().map(|(name, text)| (joined(name), text)).collect()
}

/// `members.0190….email` as "Pessoas › 0190abcd › E-mail": every part that has a name has it.
pub fn label(words: Words, path: &str) -> String {
    if let Some(known) = words.find(&format!("change.{path}")) {
        return known.to_owned();
    }
    let part = |part: &str| match words.find(&format!("state.field.{part}")).or_else(|| words.find(&format!("change.{part}"))) {
        Some(known) => known.to_owned(),
        None => match (part.parse::<usize>(), part.len()) {
            (Ok(n), _) => (n + 1).to_string(),
            (Err(_), 36) => part.chars().take(8).collect(),
            _ => part.to_owned(),
        },
    };
    path.split('.').map(part).collect::<Vec<_>>().join(" › ")
}

/// A value as the reader's language writes it.
pub fn value_text(words: Words, path: &str, text: &str) -> String {
    if text.is_empty() { words.t("timeline.nothing").to_owned() } else { for_people(words, path, text) }
}

#[cfg(test)]
mod tests {
    use recado_kernel::Locale;
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_gone_whatever_holds_them() {
        let mut state = json!({
            "client_token": {"protected": "x", "digest": "y"}, "token_protected": "x", "name": "Loja",
            "members": {"1": {"password_protected": "x", "role": "owner"}}, "list": [{"secret": 1, "a": 2}]
        });
        visit(&mut state, &mut |_| {});
        assert_eq!(state, json!({"client_token": {}, "name": "Loja", "members": {"1": {"role": "owner"}}, "list": [{"a": 2}]}));
    }

    #[test]
    fn every_part_of_a_path_that_has_a_name_is_called_by_it() {
        let words = Words::new(Locale::PtBr);
        assert_eq!(label(words, "members.0190a000-0000-7000-8000-000000000001.email"), "Pessoas › 0190a000 › E-mail");
        assert_eq!(label(words, "webhooks.received"), "Webhook ao receber");
        assert_eq!(label(words, "lines.0.amount"), "Itens › 1 › Valor");
        assert_eq!(label(words, "unheard_of"), "unheard_of");
    }
}
