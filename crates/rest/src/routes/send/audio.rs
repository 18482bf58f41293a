//! `POST /send-audio`: a voice note.

use axum::extract::State;
use recado_messaging::domain::message::AudioContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

/// Required: `phone`, `audio` (URL or data URL). Optional: `waveform`, `viewOnce`, and the common ones.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
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
