//! `POST /send-button-otp`: a button that copies a code.

use axum::extract::State;
use recado_messaging::domain::message::ButtonOtpContent;
use recado_messaging::{Media, MediaUse};

use super::common::{accept, optional_file};
use crate::RestState;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;

crate::body! {
    /// What `POST /send-button-otp` takes.
    pub SendButtonOtpBody {
        phone(),
        text("message", "O texto.").required(),
        text("code", "O código.").required(),
        media("image", "Imagem acima do texto."),
        text("buttonText", "O que está escrito no botão. Padrão: `Copiar código`."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example { "phone": "5562988887777", "message": "Seu código de acesso é 482913", "code": "482913" }
}

/// Required: `phone`, `message`, `code`. Optional: `image`, `buttonText` ("Copiar código"), and the common ones.
///
/// # Errors
/// The fields, the picture's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-button-otp",
    summary = "Enviar código",
    description = "Um texto com um botão que copia um código.",
    request_body = SendButtonOtpBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let text = body.text("message")?.to_owned();
    let image = optional_file(&state, &mut body, "image", MediaUse::Image)?;
    let content = ButtonOtpContent {
        text,
        code: body.word("code")?,
        button_text: body.optional_word("buttonText")?.unwrap_or_else(|| "Copiar código".to_owned()),
        image: image.as_ref().map(|_| Media::to_come()),
    };
    accept(&state, &caller, &body, content, image.into_iter().collect()).await
}
