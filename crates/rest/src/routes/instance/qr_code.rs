//! `GET /qr-code`: the text of the QR code, for clients that draw it themselves.

use axum::extract::State;
use serde::Serialize;

use super::pairing::{Code, qr_text};
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;

/// `{"value": "<qr text>"}`.
#[derive(Debug, Serialize)]
pub struct QrText {
    value: String,
}

/// Begins to pair if need be. Codes change every 20 s; `{"connected": true}` when there is nothing to scan.
///
/// # Errors
/// `Whatsapp did not respond`; the database.
pub async fn show(State(state): State<RestState>, caller: Caller) -> Answer<Code<QrText>> {
    let text = qr_text(&state, &caller).await?;
    Ok(Reply::ok(text.map_or_else(Code::connected, |value| Code::Show(QrText { value }))))
}
