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

/// Required: `phone`, `contacts` (`{name, phones: […], businessDescription?}`). Optional: the common fields.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
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
