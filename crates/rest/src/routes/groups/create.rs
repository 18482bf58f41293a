//! `POST /create-group`: a new group.

use axum::extract::State;
use recado_messaging::engine::directory::NewGroup;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::body::Deep;
use crate::routes::live::{self, named};
use crate::{RestError, RestState};

/// The new group's id and invitation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreatedGroup, example = json!({
    "phone": "120363025486970112-group", "invitationLink": "https://chat.whatsapp.com/DCaqftVlS6dHWtlvfd3hUa"
}))]
pub struct Created {
    phone: String,
    invitation_link: String,
}

crate::body! {
    /// What `POST /create-group` takes.
    pub CreateGroupBody {
        text("groupName", "Nome do grupo.").required(),
        phones("phones", "Quem entra.").required(),
        boolean("autoInvite", "Convidar em particular quem não pode ser posto no grupo."),
    }
    example { "groupName": "Entregas de hoje", "phones": ["5562988887777"], "autoInvite": true }
}

/// Body: `groupName`, `phones` (at least one, not the own number), optional `autoInvite`.
///
/// # Errors
/// Not connected, the fields, `GROUP_ERROR_PHONE`.
#[utoipa::path(
    post,
    path = "/create-group",
    summary = "Criar grupo",
    description = "Com pelo menos uma pessoa além do próprio número.",
    request_body = CreateGroupBody,
    responses((status = 200, description = "Criado.", body = Created)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_ERROR_PHONE"]))),
)]
pub async fn create(State(state): State<RestState>, caller: Caller, body: Deep) -> Answer<Created> {
    let session = live::session(&state, &caller)?;
    let fields = body.fields();
    let new = NewGroup {
        subject: fields.text("groupName")?.to_owned(),
        members: body.phones("phones")?,
        auto_invite: fields.optional_boolean("autoInvite")?.unwrap_or_default(),
    };
    let created = session.answer(session.directory().create_group(session.instance(), &new)).await;
    let created = created.map_err(RestError::from).map_err(named("groupName"))?;
    Ok(Reply::ok(Created { phone: created.id.to_string(), invitation_link: created.invite_link }))
}
