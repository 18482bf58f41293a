//! `POST /send-link`: a text with a preview of a page.

use axum::extract::State;
use recado_messaging::domain::message::{LinkContent, LinkSize};
use recado_messaging::{Media, MediaUse};

use super::common::{accept, optional_file};
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::MediaFields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-link` takes.
    pub SendLinkBody {
        phone(),
        text("message", "O texto; termine-o com o endereço.").required(),
        text("linkUrl", "O endereço.").required(),
        text("title", "Título da prévia.").required(),
        text("linkDescription", "Descrição da prévia.").required(),
        media("image", "Imagem da prévia."),
        one_of("linkType", &["SMALL", "MEDIUM", "LARGE"], "Tamanho da prévia. Padrão: `SMALL`."),
        reply_to(),
        delay_message(),
        delay_typing(),
        custom_id(),
    }
    example {
        "phone": "5562988887777", "message": "Veja o cardápio: https://www.example.com/cardapio", "linkUrl": "https://www.example.com/cardapio",
        "title": "Cardápio", "linkDescription": "Tudo o que sai do forno hoje"
    }
}

/// Required: `phone`, `message`, `linkUrl`, `title`, `linkDescription`. Optional: `image` (the original requires it, its clients leave it
/// out), `linkType`, and the common ones.
///
/// # Errors
/// The fields, the picture's size or type, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-link",
    summary = "Enviar link",
    description = "Um texto com a prévia de um endereço.",
    request_body = SendLinkBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, MediaFields(mut body): MediaFields) -> Answer<SendResult> {
    body.chat("phone")?;
    let text = body.text("message")?.to_owned();
    let image = optional_file(&state, &mut body, "image", MediaUse::Image)?;
    let content = LinkContent {
        text,
        url: body.text("linkUrl")?.trim().to_owned(),
        title: body.text("title")?.to_owned(),
        description: body.text("linkDescription")?.to_owned(),
        image: image.as_ref().map(|_| Media::to_come()),
        size: size(body.optional_text("linkType")?)?,
    };
    accept(&state, &caller, &body, content, image.into_iter().collect()).await
}

fn size(named: Option<&str>) -> Result<LinkSize, RestError> {
    match named.map(|named| named.trim().to_ascii_uppercase()).as_deref() {
        None | Some("" | "SMALL") => Ok(LinkSize::Small),
        Some("MEDIUM") => Ok(LinkSize::Medium),
        Some("LARGE") => Ok(LinkSize::Large),
        Some(_) => Err(RestError::Invalid("linkType")),
    }
}
