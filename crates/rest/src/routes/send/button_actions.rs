//! `POST /send-button-actions`: a text with buttons that call, open a page or answer.

use axum::extract::State;
use recado_messaging::domain::message::{ActionButton, ButtonAction, ButtonActionsContent};

use super::button_list::id_or_place;
use super::common::{accept, caption};
use super::contact::digits;
use crate::answer::{Answer, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /send-button-actions` takes.
    pub SendButtonActionsBody {
        phone(),
        text("message", "O texto.").required(),
        list_of(
            "buttonActions",
            "Os botões.",
            &[
                text("id", "Volta na resposta. Padrão: o lugar na lista, a partir de 1."),
                one_of("type", &["CALL", "URL", "REPLY"], "O que o botão faz.").required(),
                text("phone", "Para quem liga, com `CALL`."),
                text("url", "O endereço, com `URL`."),
                text("label", "O que está escrito nele.").required(),
            ],
        )
        .required(),
        text("title", "Título acima do texto."),
        text("footer", "Rodapé."),
        reply_to(),
        delay_message(),
        custom_id(),
    }
    example {
        "phone": "5562988887777", "message": "Seu pedido está pronto.",
        "buttonActions": [{ "id": "1", "type": "URL", "url": "https://www.example.com/pedido/1234", "label": "Ver o pedido" }]
    }
}

/// Required: `phone`, `message`, `buttonActions` (`[{id?, type: CALL|URL|REPLY, phone?, url?, label}]`; REPLY is not mixed with the
/// others). Optional: `title`, `footer`, and the common ones.
///
/// # Errors
/// The fields, the queue's limit; the database before anything was stored.
#[utoipa::path(
    post,
    path = "/send-button-actions",
    summary = "Enviar botões de ação",
    description = "Botões que ligam, abrem um endereço ou respondem. `REPLY` não se mistura com `CALL` e `URL`.",
    request_body = SendButtonActionsBody,
    responses((status = 200, description = "Guardada na fila.", body = SendResult)),
    extensions(("x-refusals" = json!(["QueueFull", "buttonActions is invalid: REPLY cannot be mixed with CALL or URL"]))),
)]
pub async fn send(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<SendResult> {
    body.chat("phone")?;
    let content = ButtonActionsContent {
        text: body.text("message")?.to_owned(),
        title: caption(&body, "title")?,
        footer: caption(&body, "footer")?,
        buttons: body.objects("buttonActions")?.iter().enumerate().map(button).collect::<Result<_, _>>()?,
    };
    accept(&state, &caller, &body, content, vec![]).await
}

fn button((index, fields): (usize, &Fields)) -> Result<ActionButton, RestError> {
    let action = match fields.text("type")?.trim().to_ascii_uppercase().as_str() {
        "CALL" => ButtonAction::Call { phone: digits(&fields.word("phone")?) },
        "URL" => ButtonAction::Url { url: fields.text("url")?.trim().to_owned() },
        "REPLY" => ButtonAction::Reply {},
        _ => return Err(RestError::Invalid("type")),
    };
    Ok(ActionButton { id: id_or_place(fields, index)?, label: fields.text("label")?.to_owned(), action })
}
