//! `GET /qr-code`: the text of the QR code, for clients that draw it themselves.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::pairing::{Code, qr_text};
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;

/// `{"value": "<qr text>"}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct QrText {
    value: String,
}

/// Begins to pair if need be. Codes change every 20 s; `{"connected": true}` when there is nothing to scan.
///
/// # Errors
/// `Whatsapp did not respond`; the database.
#[utoipa::path(
    get,
    path = "/qr-code",
    summary = "QR Code como texto",
    description = "O texto a desenhar como QR Code. Vale 20 segundos: peça de novo a cada 10 a 20, e pare depois de 3 que ninguém leu. \
                   Com a instância conectada responde `{\"connected\": true}`.",
    responses((status = 200, description = "O texto, ou a notícia de que já está conectada.", body = Code<QrText>,
        example = json!({ "value": "2@q9Zk7…" }))),
    extensions(("x-refusals" = json!(["You need to restore the session.", "WhatsappSilent"]))),
)]
pub async fn show(State(state): State<RestState>, caller: Caller) -> Answer<Code<QrText>> {
    let text = qr_text(&state, &caller).await?;
    Ok(Reply::ok(text.map_or_else(Code::connected, |value| Code::Show(QrText { value }))))
}
