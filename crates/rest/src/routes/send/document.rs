//! `POST /send-document/{extension}`: any file.

use axum::extract::{Path, State};
use recado_messaging::domain::message::DocumentContent;
use recado_messaging::{Media, MediaUse};
use serde::Deserialize;

use super::common::{accept, caption, file, optional_id};
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;
use crate::{RestError, RestState};

/// Longest extension.
const LONGEST: usize = 16;

/// The last part of the path.
#[derive(Debug, Deserialize)]
pub struct Ending {
    extension: String,
}

/// In the path: the extension. Required: `phone`, `document` (URL or data URL). Optional: `fileName`, `caption`,
/// `editDocumentMessageId` (the document whose caption is replaced), and the common ones.
///
/// # Errors
/// The fields, the file's size, the queue's limit; the database before anything was stored.
pub async fn send(
    State(state): State<RestState>,
    caller: Caller,
    Path(Ending { extension }): Path<Ending>,
    MediaFields(mut body): MediaFields,
) -> Answer<SendResult> {
    body.chat("phone")?;
    let extension = extension.trim_start_matches('.').to_owned();
    if extension.is_empty() || extension.len() > LONGEST || !extension.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(RestError::Invalid("extension"));
    }
    let document = file(&state, &mut body, "document", MediaUse::Document)?;
    let content = DocumentContent {
        media: Media::to_come(),
        extension,
        file_name: body.optional_word("fileName")?,
        caption: caption(&body, "caption")?,
        page_count: None,
        edits: optional_id(&body, "editDocumentMessageId")?,
    };
    accept(&state, &caller, &body, content, vec![document]).await
}
