//! `POST /send-image`: a picture.

use axum::extract::State;
use recado_messaging::domain::message::ImageContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, caption, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

crate::body! {
    /// What `POST /send-image` takes.
    pub SendImageBody {
        phone(),
        media("image", "A imagem.").required(),
        text("caption", "Legenda."),
        view_once(),
        mentioned(),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "image": "https://www.example.com/vitrine.jpg", "caption": "Nossa vitrine" }
}

/// Required: `phone`, `image` (URL, data URL or base64). Optional: `caption`, `viewOnce`, `mentioned`, and the common ones.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-image",
    summary = "Enviar imagem",
    description = "Uma imagem, com legenda se quiser. Base64 sem prefixo também é aceito, como PNG.",
    request_body = SendImageBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let image = file(&state, &mut body, "image", MediaUse::Image)?;
    let content = ImageContent {
        media: Media::to_come(),
        caption: caption(&body, "caption")?,
        view_once: body.optional_boolean("viewOnce")?.unwrap_or(false),
        mentioned: body.phones("mentioned")?,
    };
    accept(&state, &caller, &body, content, vec![image]).await
}
