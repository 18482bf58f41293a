//! `POST /send-ptv`: a round film.

use axum::extract::State;
use recado_messaging::domain::message::PtvContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

crate::body! {
    /// What `POST /send-ptv` takes.
    pub SendPtvBody {
        phone(),
        media("ptv", "O vídeo.").required(),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "ptv": "https://www.example.com/recado.mp4" }
}

/// Required: `phone`, `ptv` (URL or data URL). Optional: the common fields.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-ptv",
    summary = "Enviar vídeo redondo",
    description = "Um recado em vídeo, redondo.",
    request_body = SendPtvBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let ptv = file(&state, &mut body, "ptv", MediaUse::Video)?;
    let content = PtvContent { media: Media::to_come() };
    accept(&state, &caller, &body, content, vec![ptv]).await
}
