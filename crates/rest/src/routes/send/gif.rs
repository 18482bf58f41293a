//! `POST /send-gif`: a film that repeats.

use axum::extract::State;
use recado_messaging::domain::message::GifContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, caption, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

crate::body! {
    /// What `POST /send-gif` takes.
    pub SendGifBody {
        phone(),
        media("gif", "O MP4.").required(),
        text("caption", "Legenda."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "gif": "https://www.example.com/festa.mp4" }
}

/// Required: `phone`, `gif` (an MP4 as URL or data URL). Optional: `caption`, and the common ones.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-gif",
    summary = "Enviar GIF",
    description = "Um MP4 curto, que se repete sozinho.",
    request_body = SendGifBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let gif = file(&state, &mut body, "gif", MediaUse::Video)?;
    let content = GifContent { media: Media::to_come(), caption: caption(&body, "caption")? };
    accept(&state, &caller, &body, content, vec![gif]).await
}
