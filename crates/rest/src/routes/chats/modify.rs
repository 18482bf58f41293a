//! `POST /modify-chat`: read, archive, pin, mute, clear, delete, and back.

use axum::extract::State;
use recado_messaging::engine::directory::ChatAction;

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /modify-chat` takes.
    pub ModifyChatBody {
        phone(),
        one_of(
            "action",
            &["read", "unread", "archive", "unarchive", "pin", "unpin", "mute", "unmute", "clear", "delete"],
            "O que fazer.",
        )
        .required(),
    }
    example { "phone": "5562988887777", "action": "archive" }
}

/// Body: `phone`, `action` (`read`, `unread`, `archive`, `unarchive`, `pin`, `unpin`, `mute`, `unmute`, `clear`, `delete`).
///
/// # Errors
/// Not connected, the fields, `GROUP_FORBIDDEN`.
#[utoipa::path(
    post,
    path = "/modify-chat",
    summary = "Mudar uma conversa",
    description = "Lida, arquivada, fixada, silenciada, limpa ou apagada.",
    request_body = ModifyChatBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "GROUP_FORBIDDEN"]))),
)]
pub async fn modify(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let with = body.chat("phone")?;
    let action: ChatAction = body.text("action")?.trim().parse().map_err(|_| RestError::Invalid("action"))?;
    session.answer(session.directory().modify_chat(session.instance(), &with, action)).await?;
    Ok(Value::reply(true))
}
