//! `POST /send-audio`: a voice note.

use axum::extract::State;
use recado_messaging::domain::message::AudioContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

crate::body! {
    /// What `POST /send-audio` takes.
    pub SendAudioBody {
        phone(),
        media("audio", "O áudio.").required(),
        boolean("waveform", "Mostrar a forma da onda."),
        view_once(),
        boolean("async", "Aceito: todo envio responde antes de o arquivo ser buscado."),
        reply_to(),
        delay_message(),
        delay_typing(),
        custom_id(),
    }
    example { "phone": "5562988887777", "audio": "https://www.example.com/recado.ogg", "delayTyping": 3 }
}

/// Required: `phone`, `audio` (URL or data URL). Optional: `waveform`, `viewOnce`, and the common ones.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-audio",
    summary = "Enviar áudio",
    description = "Um áudio, que chega como mensagem de voz.",
    request_body = SendAudioBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let audio = file(&state, &mut body, "audio", MediaUse::Audio)?;
    let content = AudioContent {
        media: Media::to_come(),
        // The original sends every audio as if it had been recorded.
        ptt: true,
        waveform: body.optional_boolean("waveform").ok().flatten().unwrap_or(false),
        view_once: body.optional_boolean("viewOnce")?.unwrap_or(false),
    };
    accept(&state, &caller, &body, content, vec![audio]).await
}
