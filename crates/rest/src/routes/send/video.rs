//! `POST /send-video`: a film.

use axum::extract::State;
use recado_messaging::domain::message::VideoContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, caption, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

crate::body! {
    /// What `POST /send-video` takes.
    pub SendVideoBody {
        phone(),
        media("video", "O vídeo.").required(),
        text("caption", "Legenda."),
        view_once(),
        boolean("async", "Aceito: todo envio responde antes de o arquivo ser buscado."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "video": "https://www.example.com/loja.mp4", "caption": "Conheça a loja" }
}

/// Required: `phone`, `video` (URL or data URL). Optional: `caption`, `viewOnce`, `mentioned`, and the common ones.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-video",
    summary = "Enviar vídeo",
    description = "Um vídeo, com legenda se quiser.",
    request_body = SendVideoBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let video = file(&state, &mut body, "video", MediaUse::Video)?;
    let content = VideoContent {
        media: Media::to_come(),
        caption: caption(&body, "caption")?,
        view_once: body.optional_boolean("viewOnce")?.unwrap_or(false),
        mentioned: body.phones("mentioned")?,
    };
    accept(&state, &caller, &body, content, vec![video]).await
}
