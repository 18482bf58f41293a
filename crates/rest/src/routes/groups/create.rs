//! `POST /create-group`: a new group.

use axum::extract::State;
use recado_messaging::engine::directory::NewGroup;
use serde::Serialize;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::body::Deep;
use crate::routes::live::{self, named};
use crate::{RestError, RestState};

/// The new group's id and invitation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    phone: String,
    invitation_link: String,
}

/// Body: `groupName`, `phones` (at least one, not the own number), optional `autoInvite`.
///
/// # Errors
/// Not connected, the fields, `GROUP_ERROR_PHONE`.
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
