//! `POST /leave-group`: the number leaves.

use axum::extract::State;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live;

crate::body! {
    /// What `POST /leave-group` takes.
    pub LeaveGroupBody {
        text("groupId", "ID do grupo; também aceito como `phone`.").required(),
    }
    example { "groupId": "120363025486970112-group" }
}

/// Body: `groupId`.
///
/// # Errors
/// Not connected, the field, `GROUP_FORBIDDEN`.
#[utoipa::path(
    post,
    path = "/leave-group",
    summary = "Sair do grupo",
    description = "O número deixa o grupo.",
    request_body = LeaveGroupBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN"]))),
)]
pub async fn leave(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let group = live::group_of_body(&body, "groupId")?;
    session.answer(session.directory().leave_group(session.instance(), &group)).await?;
    Ok(Value::reply(true))
}
