//! `POST /send-location`: a place.

use axum::extract::State;
use recado_messaging::domain::message::{Coordinate, LocationContent};

use super::common::accept;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-location` takes.
    pub SendLocationBody {
        phone(),
        text("title", "Nome do lugar.").required(),
        text("address", "Endereço.").required(),
        number("latitude", "Graus, de -90 a 90.").required(),
        number("longitude", "Graus, de -180 a 180.").required(),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "title": "Loja centro", "address": "Rua 4, 120", "latitude": -16.6869, "longitude": -49.2648 }
}

/// Required: `phone`, `title` (also as `name`), `address`, `latitude`, `longitude` (texts or numbers). Optional: the common fields.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-location",
    summary = "Enviar localização",
    description = "Um ponto no mapa. O título também é aceito como `name`.",
    request_body = SendLocationBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let content = LocationContent {
        name: body.text(body.name_of(["title", "name"]))?.to_owned(),
        address: body.text("address")?.to_owned(),
        latitude: degrees(&body, "latitude", 90.0)?,
        longitude: degrees(&body, "longitude", 180.0)?,
        url: String::new(),
    };
    accept(&state, &caller, &body, content, vec![]).await
}

/// The digits as they were written; a number with an exponent in plain digits.
fn degrees(body: &Fields, name: &'static str, most: f64) -> Result<Coordinate, RestError> {
    let written = body.word(name)?;
    let plain = if written.contains(['e', 'E']) {
        written.parse::<f64>().map(|degrees| degrees.to_string()).unwrap_or_default()
    } else {
        // As a Brazilian types it.
        written.replace(',', ".")
    };
    let degrees = plain.parse::<Coordinate>().ok().filter(|degrees| degrees.degrees().abs() <= most);
    degrees.ok_or(RestError::Invalid(name))
}
