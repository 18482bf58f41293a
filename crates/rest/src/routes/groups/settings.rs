//! `POST /update-group-settings`: what only admins may do.

use axum::extract::State;
use recado_messaging::engine::directory::{GroupChange, GroupSettingsChange};

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live;
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /update-group-settings` takes.
    pub GroupSettingsBody {
        phone(),
        boolean("adminOnlyMessage", "Só administradores escrevem."),
        boolean("adminOnlySettings", "Só administradores mudam o grupo."),
        boolean("requireAdminApproval", "Entrada com aprovação."),
        boolean("adminOnlyAddMember", "Só administradores põem gente."),
    }
    example { "phone": "120363025486970112-group", "adminOnlyMessage": true }
}

/// Body: `phone` (the group), and at least one of `adminOnlyMessage`, `adminOnlySettings`, `requireAdminApproval`, `adminOnlyAddMember`;
/// what is not named stays.
///
/// # Errors
/// Not connected, the fields, `GROUP_FORBIDDEN`.
#[utoipa::path(
    post,
    path = "/update-group-settings",
    summary = "Ajustes do grupo",
    description = "O que não vem fica como está; pelo menos um ajuste precisa vir.",
    request_body = GroupSettingsBody,
    responses((status = 200, description = "Feito.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "GROUP_FORBIDDEN", "adminOnlyMessage is required"]))),
)]
pub async fn update(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let group = live::group_of_body(&body, "phone")?;
    let change = GroupSettingsChange {
        admin_only_message: body.optional_boolean("adminOnlyMessage")?,
        admin_only_settings: body.optional_boolean("adminOnlySettings")?,
        require_admin_approval: body.optional_boolean("requireAdminApproval")?,
        admin_only_add_member: body.optional_boolean("adminOnlyAddMember")?,
    };
    if change == GroupSettingsChange::default() {
        return Err(RestError::Required("adminOnlyMessage"));
    }
    let change = GroupChange::Settings(change);
    session.answer(session.directory().change_group(session.instance(), &group, &change)).await?;
    Ok(Value::reply(true))
}
