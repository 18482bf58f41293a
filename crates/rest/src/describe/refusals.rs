//! The refusals of each route, with the bodies of the one table in [`crate::error`].

use std::collections::BTreeMap;

use http::StatusCode;
use recado_messaging::MessagingError;
use serde_json::{Map, Value, json};

use super::common::{IDEMPOTENCY_KEY, REFUSAL};
use crate::RestError;

/// Which refusals a route can give, from what is known about it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Known<'a> {
    /// Id and token in the path.
    pub of_instance: bool,
    /// A bearer token.
    pub of_partner: bool,
    /// A JSON body: its first required field, and any field.
    pub required: Option<&'a str>,
    pub any_field: Option<&'a str>,
    pub has_body: bool,
    /// A phone in body or path.
    pub phone: bool,
    /// May carry an `Idempotency-Key`.
    pub repeatable: bool,
}

/// The refusals that follow from `known`, and those a handler names in `x-refusals`: variants of [`RestError`], or a use case's own words.
pub(super) fn of(known: Known<'_>, named: &[String]) -> Vec<RestError> {
    let mut found = vec![];
    if known.of_partner {
        found.push(RestError::Unauthorized);
    }
    if known.of_partner || known.of_instance {
        found.push(RestError::AddressNotAllowed("203.0.113.7".to_owned()));
    }
    if known.of_instance {
        found.push(RestError::InstanceNotFound);
    }
    if known.of_instance && !known.of_partner {
        found.extend([
            RestError::ClientTokenMissing,
            RestError::ClientTokenWrong,
            RestError::NotSubscribed,
            RestError::TooManyRequests,
        ]);
    }
    if known.has_body {
        found.extend([RestError::InvalidJson, RestError::UnsupportedMediaType, RestError::BodyTooLarge, RestError::BodyTimeout]);
        found.extend(known.required.map(|name| RestError::Refused(format!("{name} is required"))));
        found.extend(known.any_field.map(|name| RestError::Refused(format!("{name} is invalid"))));
    }
    if known.phone {
        found.push(RestError::InvalidPhone);
    }
    for name in named {
        found.push(by_name(name));
        // Whatever goes into the queue passes the same guards.
        if name == "QueueFull" {
            found.extend([MessagingError::OptedOut, MessagingError::WarmUp { allowed: 20 }].map(RestError::from));
        }
    }
    if known.repeatable {
        found.extend([RestError::Invalid(IDEMPOTENCY_KEY), RestError::IdempotencyKeyReused, RestError::IdempotencyKeyBusy]);
    }
    found.extend([RestError::Unavailable, RestError::Internal]);
    found
}

fn by_name(name: &str) -> RestError {
    match name {
        "NotConnected" => RestError::NotConnected,
        "QueueFull" => RestError::QueueFull(1_000),
        "InvalidPhone" => RestError::InvalidPhone,
        "WhatsappSilent" => RestError::WhatsappSilent,
        "WebhookNotHttps" => RestError::WebhookNotHttps,
        "WebhookRefused" => RestError::WebhookRefused,
        "InstanceLimit" => RestError::InstanceLimit,
        "DeliveryNotFound" => RestError::DeliveryNotFound,
        words => RestError::Refused(words.to_owned()),
    }
}

/// The responses of an operation: one per status, with every body that may come.
pub(super) fn responses(refusals: &[RestError]) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<&RestError>> = BTreeMap::new();
    for refusal in refusals {
        let same = by_status.entry(refusal.status_and_body().0.as_u16()).or_default();
        if !same.contains(&refusal) {
            same.push(refusal);
        }
    }
    by_status.into_iter().map(|(status, refusals)| (status.to_string(), response(status, &refusals))).collect()
}

fn response(status: u16, refusals: &[&RestError]) -> Value {
    let examples: Map<String, Value> = refusals
        .iter()
        .enumerate()
        .map(|(n, refusal)| {
            let (_, body) = refusal.status_and_body();
            (format!("e{}", n + 1), json!({ "summary": why(refusal), "value": body }))
        })
        .collect();
    let description = match refusals {
        [one] => why(one),
        _ => meaning(status),
    };
    json!({ "description": description, "content": { "application/json": { "schema": { "$ref": REFUSAL }, "examples": examples } } })
}

fn meaning(status: u16) -> String {
    match StatusCode::from_u16(status) {
        Ok(StatusCode::BAD_REQUEST) => "Recusado; nada foi gravado. O corpo diz por quê.".to_owned(),
        Ok(StatusCode::FORBIDDEN) => "Não permitido.".to_owned(),
        Ok(StatusCode::NOT_FOUND) => "Não existe.".to_owned(),
        Ok(StatusCode::CONFLICT) => "A `Idempotency-Key` já está em uso.".to_owned(),
        _ => "Recusado.".to_owned(),
    }
}

fn why(refusal: &RestError) -> String {
    let text = match refusal {
        RestError::InstanceNotFound => "Não há instância com este ID e este token.",
        RestError::ClientTokenMissing => "O token de segurança da conta está ativo e o cabeçalho `Client-Token` não veio.",
        RestError::ClientTokenWrong => "O cabeçalho `Client-Token` não é o da conta.",
        RestError::AddressNotAllowed(_) => "A conta tem uma lista de endereços IP permitidos, e o pedido veio de outro.",
        RestError::DeliveryNotFound => "Esta instância não tem esta entrega.",
        RestError::Invalid(IDEMPOTENCY_KEY) => {
            "A `Idempotency-Key` está vazia, passa de 255 caracteres, ou tem algum fora do ASCII visível."
        }
        RestError::IdempotencyKeyReused => "A mesma `Idempotency-Key` já foi usada em 24 horas com outra rota ou outro corpo.",
        RestError::IdempotencyKeyBusy => "O primeiro pedido com esta `Idempotency-Key` ainda não foi respondido. Tente de novo.",
        RestError::Unauthorized => "Falta o token de integrador, ou ele não vale.",
        RestError::NotSubscribed => "O período de teste acabou, ou a assinatura terminou.",
        RestError::NotConnected => "A instância não está conectada ao WhatsApp.",
        RestError::QueueFull(_) => "A fila de uma instância desconectada está cheia.",
        RestError::InvalidPhone => "`phone` não é um número nem a identificação de uma conversa.",
        RestError::InvalidJson => "O corpo não é um objeto JSON.",
        RestError::WebhookNotHttps => "O endereço do webhook não é https.",
        RestError::WebhookRefused => "O endereço do webhook não é um endereço, ou não pode ser chamado.",
        RestError::InstanceLimit => "O token de segurança da conta cria até 25 instâncias.",
        RestError::WhatsappSilent => "O WhatsApp não respondeu a tempo.",
        RestError::UnsupportedMediaType => "O corpo não está anunciado como `application/json`.",
        RestError::BodyTooLarge => "O corpo passa de 140 MB.",
        RestError::BodyTimeout => "O corpo não chegou a tempo.",
        RestError::TooManyRequests => "Pedidos demais em pouco tempo; nada foi gravado.",
        RestError::Unavailable => "O banco de dados não responde; nada foi gravado. Tente de novo.",
        RestError::Internal => "Erro nosso.",
        RestError::Refused(words) if words.contains("(opt-out list)") => {
            "O contato pediu para não receber mensagens (lista de descadastro)."
        }
        RestError::Refused(words) if words.contains("(number warm-up)") => {
            "O número ainda está em aquecimento, a instância o aplica, e os contatos novos de hoje acabaram."
        }
        RestError::Refused(words) if words == "the delivery is still being tried" => "A entrega ainda está sendo tentada.",
        RestError::Refused(words) if words.ends_with(" has been erased") => "O conteúdo da mensagem já foi apagado.",
        RestError::Refused(words) if words.ends_with(" is required") => "Falta um campo obrigatório.",
        RestError::Refused(words) if words.ends_with(" is invalid") => "Um campo tem outro tipo ou formato.",
        _ => "Recusado.",
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_response_per_status_with_the_bodies_of_the_table() {
        let known = Known { of_instance: true, has_body: true, required: Some("phone"), phone: true, ..Known::default() };
        let responses = responses(&of(known, &["NotConnected".to_owned(), "You need to restore the session.".to_owned()]));
        assert_eq!(responses.keys().collect::<Vec<_>>(), ["400", "403", "404", "408", "413", "415", "429", "500", "503"]);
        let text = responses["400"].to_string();
        assert!(responses["403"].to_string().contains("203.0.113.7 not allowed"));
        for body in ["phone is required", "Invalid phone", "connected with whatsapp", "restore the session.", "client-token"] {
            assert!(text.contains(body), "{body}: {text}");
        }
    }

    #[test]
    fn what_goes_into_the_queue_may_meet_the_opt_out_list() {
        let told = |known, named: &[String]| Value::from(responses(&of(known, named))).to_string();
        assert!(told(Known::default(), &["QueueFull".to_owned()]).contains("The contact opted out of messages (opt-out list)"));
        assert!(!told(Known::default(), &["NotConnected".to_owned()]).contains("opt-out list"));
    }

    #[test]
    fn keys_of_repeats_may_be_refused() {
        let known = Known { repeatable: true, ..Known::default() };
        let responses = responses(&of(known, &[]));
        assert!(responses["400"].to_string().contains("Idempotency-Key is invalid"));
        let conflict = responses["409"].to_string();
        assert!(
            conflict.contains("already used with another request") && conflict.contains("still being processed"),
            "{conflict}"
        );
    }
}
