//! `POST /add-participant`, `/remove-participant`, `/approve-participant`, `/reject-participant`, `/add-admin`, `/remove-admin`.

use axum::extract::State;
use axum::routing::{MethodRouter, post};
use recado_messaging::engine::directory::MemberAction;

use crate::RestState;
use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Deep;
use crate::routes::live;

/// What is to happen to the people named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Into the group.
    Add,
    /// Out of it.
    Remove,
    /// Lets them in.
    Approve,
    /// Does not.
    Reject,
    /// Makes them admins.
    Promote,
    /// Takes that back.
    Demote,
}

crate::body! {
    /// What the routes about members take.
    pub MembersBody {
        text("groupId", "ID do grupo; também aceito como `phone`.").required(),
        phones("phones", "As pessoas.").required(),
        boolean("autoInvite", "Só em `/add-participant`: convidar em particular quem não pode ser posto no grupo."),
    }
    example { "groupId": "120363025486970112-group", "phones": ["5562988887777"] }
}

/// The route for `wish`: body `groupId`, `phones`, and for adding optional `autoInvite`.
pub fn route(wish: Wish) -> MethodRouter<RestState> {
    post(move |State(state): State<RestState>, caller: Caller, body: Deep| change(state, caller, body, wish))
}

/// Described once for all wishes; the table in `super` says what differs.
#[utoipa::path(
    post,
    path = "/participants",
    description = "",
    request_body = MembersBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN", "GROUP_ERROR_PHONE"]))),
)]
async fn change(state: RestState, caller: Caller, body: Deep, wish: Wish) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let fields = body.fields();
    let group = live::group_of_body(&fields, "groupId")?;
    let action = match wish {
        Wish::Add => MemberAction::Add { auto_invite: fields.optional_boolean("autoInvite")?.unwrap_or_default() },
        Wish::Remove => MemberAction::Remove,
        Wish::Approve => MemberAction::Approve,
        Wish::Reject => MemberAction::Reject,
        Wish::Promote => MemberAction::Promote,
        Wish::Demote => MemberAction::Demote,
    };
    let phones = body.phones("phones")?;
    session.answer(session.directory().change_members(session.instance(), &group, action, &phones)).await?;
    Ok(Value::reply(true))
}
