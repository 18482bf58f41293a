//! `POST /send-sticker`: a sticker.

use axum::extract::State;
use recado_messaging::domain::message::StickerContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

crate::body! {
    /// What `POST /send-sticker` takes.
    pub SendStickerBody {
        phone(),
        media("sticker", "A figurinha.").required(),
        text("stickerAuthor", "Autor."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "sticker": "https://www.example.com/obrigado.webp" }
}

/// Required: `phone`, `sticker` (URL or data URL). Optional: `stickerAuthor`, and the common ones.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-sticker",
    summary = "Enviar figurinha",
    description = "Uma figurinha.",
    request_body = SendStickerBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let sticker = file(&state, &mut body, "sticker", MediaUse::Sticker)?;
    let content = StickerContent { media: Media::to_come(), author: body.optional_word("stickerAuthor")? };
    accept(&state, &caller, &body, content, vec![sticker]).await
}
