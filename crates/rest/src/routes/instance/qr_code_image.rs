//! `GET /qr-code/image`: the QR code as a picture.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::pairing::{Code, qr_text};
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::{RestError, RestState, qr_png};

/// `{"value": "data:image/png;base64,…"}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct QrPicture {
    value: String,
}

/// As `GET /qr-code`, drawn; when connected there is no `value` at all, which clients test for.
///
/// # Errors
/// `Whatsapp did not respond`; the database.
#[utoipa::path(
    get,
    path = "/qr-code/image",
    summary = "QR Code como imagem",
    description = "Como `GET /qr-code`, já desenhado: um data URL PNG para pôr direto em `<img src>`. Conectada, não há `value`.",
    responses((status = 200, description = "A imagem, ou a notícia de que já está conectada.", body = Code<QrPicture>,
        example = json!({ "value": "data:image/png;base64,iVBORw0KGgo…" }))),
    extensions(("x-refusals" = json!(["You need to restore the session.", "WhatsappSilent"]))),
)]
pub async fn show(State(state): State<RestState>, caller: Caller) -> Answer<Code<QrPicture>> {
    let Some(text) = qr_text(&state, &caller).await? else { return Ok(Reply::ok(Code::connected())) };
    let value = qr_png::data_url(&text).map_err(|error| {
        tracing::error!(%error, "the engine's QR text cannot be drawn");
        RestError::Internal
    })?;
    Ok(Reply::ok(Code::Show(QrPicture { value })))
}
