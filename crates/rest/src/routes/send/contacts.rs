//! `POST /send-contacts`: several contact cards.

use axum::extract::State;
use recado_messaging::domain::message::{ContactCard, ContactsContent};
use serde_json::Value;

use super::common::accept;
use super::contact::digits;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-contacts` takes.
    pub SendContactsBody {
        phone(),
        list_of(
            "contacts",
            "Os cartões.",
            &[
                text("name", "Nome.").required(),
                phones("phones", "Números.").required(),
                text("businessDescription", "Descrição da empresa."),
            ],
        )
        .required(),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "contacts": [{ "name": "Bruno Reis", "phones": ["5562977776666"] }] }
}

/// Required: `phone`, `contacts` (`{name, phones: […], businessDescription?}`). Optional: the common fields.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-contacts",
    summary = "Enviar contatos",
    description = "Vários cartões de contato numa mensagem.",
    request_body = SendContactsBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let contacts = body.objects("contacts")?.iter().map(card).collect::<Result<_, _>>()?;
    accept(&state, &caller, &body, ContactsContent { contacts }, vec![]).await
}

fn card(fields: &Fields) -> Result<ContactCard, RestError> {
    let phones = fields.optional_list("phones")?.filter(|phones| !phones.is_empty()).ok_or(RestError::Required("phones"))?;
    let phones = phones.into_iter().map(|phone| match phone {
        Value::String(phone) if !phone.trim().is_empty() => Ok(digits(&phone)),
        Value::Number(phone) => Ok(phone.to_string()),
        _ => Err(RestError::Invalid("phones")),
    });
    Ok(ContactCard {
        name: fields.text("name")?.to_owned(),
        phones: phones.collect::<Result<_, _>>()?,
        business_description: fields.optional_text("businessDescription")?.map(str::to_owned),
        vcard: None,
    })
}
