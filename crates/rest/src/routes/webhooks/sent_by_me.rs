//! `PUT /update-notify-sent-by-me`: own messages in the received webhook, or not.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;

crate::body! {
    /// What `PUT /update-notify-sent-by-me` takes.
    pub SentByMeBody { boolean("notifySentByMe", "Avisar também das mensagens enviadas pelo próprio número?").required() }
    example { "notifySentByMe": true }
}

/// Body: `notifySentByMe`, required.
///
/// # Errors
/// The field, the database.
#[utoipa::path(
    put,
    path = "/update-notify-sent-by-me",
    summary = "Avisar das enviadas por mim",
    description = "Liga ou desliga o `ReceivedCallback` das mensagens do próprio número. Só tem efeito com o webhook “ao receber” configurado.",
    request_body = SentByMeBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
)]
pub async fn set(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let on = body.boolean("notifySentByMe")?;
    let recorded = state.messaging.set_notify_sent_by_me(caller.meta(&state), caller.instance(), on).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
