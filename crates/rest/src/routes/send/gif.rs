//! `POST /send-gif`: a film that repeats.

use axum::extract::State;
use recado_messaging::domain::message::GifContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, caption, file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

/// Required: `phone`, `gif` (an MP4 as URL or data URL). Optional: `caption`, and the common ones.
///
/// # Errors
/// The fields, the file's size or type, the queue's limit; the database before anything was stored.
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let gif = file(&state, &mut body, "gif", MediaUse::Video)?;
    let content = GifContent { media: Media::to_come(), caption: caption(&body, "caption")? };
    accept(&state, &caller, &body, content, vec![gif]).await
}
