//! `GET /qr-code/image`: the QR code as a picture.

use axum::extract::State;
use serde::Serialize;

use super::pairing::{Code, qr_text};
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::{RestError, RestState, qr_png};

/// `{"value": "data:image/png;base64,…"}`.
#[derive(Debug, Serialize)]
pub struct QrPicture {
    value: String,
}

/// As `GET /qr-code`, drawn; when connected there is no `value` at all, which clients test for.
///
/// # Errors
/// `Whatsapp did not respond`; the database.
pub async fn show(State(state): State<RestState>, caller: Caller) -> Answer<Code<QrPicture>> {
    let Some(text) = qr_text(&state, &caller).await? else { return Ok(Reply::ok(Code::connected())) };
    let value = qr_png::data_url(&text).map_err(|error| {
        tracing::error!(%error, "the engine's QR text cannot be drawn");
        RestError::Internal
    })?;
    Ok(Reply::ok(Code::Show(QrPicture { value })))
}
