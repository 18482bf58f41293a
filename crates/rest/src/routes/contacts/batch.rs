//! `POST /phone-exists-batch`: the same for up to 50,000 numbers.

use axum::extract::State;
use recado_kernel::PhoneNumber;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::body::{Deep, written};
use crate::routes::live;
use crate::{RestError, RestState};

/// Most numbers of one request (plugzapi-api.md 4).
const MOST: usize = 50_000;

/// One number as it was asked and as WhatsApp knows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ExistenceRow, example = json!({
    "exists": true, "inputPhone": "5562988887777", "outputPhone": "556288887777", "lid": null
}))]
pub struct Row {
    exists: bool,
    input_phone: String,
    output_phone: String,
    lid: Option<String>,
}

crate::body! {
    /// What `POST /phone-exists-batch` takes.
    pub PhonesBody {
        phones("phones", "Os números.").required(),
    }
    example { "phones": ["5562988887777"] }
}

/// Body: `phones`. One row each, in the same order; what is no phone number does not exist and spoils nothing for the others.
///
/// # Errors
/// Not connected, the field, more than 50,000.
#[utoipa::path(
    post,
    path = "/phone-exists-batch",
    summary = "Quais números têm WhatsApp?",
    description = "Até 50.000 de uma vez; a resposta vem na mesma ordem.",
    request_body = PhonesBody,
    responses((status = 200, description = "Um por número.", body = Vec<Row>)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn exist(State(state): State<RestState>, caller: Caller, body: Deep) -> Answer<Vec<Row>> {
    let session = live::session(&state, &caller)?;
    let asked = body.list("phones")?;
    if asked.is_empty() {
        return Err(RestError::Required("phones"));
    }
    if asked.len() > MOST {
        return Err(RestError::Invalid("phones"));
    }
    let asked: Vec<String> = asked.iter().map(|phone| written(phone).unwrap_or_default()).collect();
    let numbers: Vec<Option<PhoneNumber>> = asked.iter().map(|text| text.parse().ok()).collect();
    let known: Vec<PhoneNumber> = numbers.iter().flatten().cloned().collect();
    let mut found = session.look_up(&known).await?.into_iter();
    let rows = asked.into_iter().zip(numbers).map(|(input_phone, number)| match number.and_then(|_| found.next()) {
        Some(lookup) => Row { exists: lookup.exists, input_phone, output_phone: lookup.phone.into(), lid: lookup.lid },
        None => Row { exists: false, output_phone: input_phone.clone(), input_phone, lid: None },
    });
    Ok(Reply::ok(rows.collect()))
}
