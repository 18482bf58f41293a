//! `POST /send-video`: a film.

use axum::extract::State;
use recado_messaging::domain::message::VideoContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, caption, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

/// Required: `phone`, `video` (URL or data URL). Optional: `caption`, `viewOnce`, `mentioned`, and the common ones.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
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
