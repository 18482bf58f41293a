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

crate::body! {
    /// What `POST /send-document/{extension}` takes.
    pub SendDocumentBody {
        phone(),
        media("document", "O arquivo.").required(),
        text("fileName", "Nome com que o arquivo aparece."),
        text("caption", "Legenda."),
        text("editDocumentMessageId", "`messageId` de um documento já enviado, cuja legenda esta substitui."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "document": "https://www.example.com/orcamento.pdf", "fileName": "Orçamento 1234" }
}

/// In the path: the extension. Required: `phone`, `document` (URL or data URL). Optional: `fileName`, `caption`,
/// `editDocumentMessageId` (the document whose caption is replaced), and the common ones.
///
/// # Errors
/// The fields, the file's size, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-document/{extension}",
    summary = "Enviar documento",
    description = "Um arquivo de qualquer tipo; a extensão vai no endereço.",
    request_body = SendDocumentBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull", "extension is invalid"]))),
)]
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
