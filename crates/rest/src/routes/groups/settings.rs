//! `POST /update-group-settings`: what only admins may do.

use axum::extract::State;
use recado_messaging::engine::directory::{GroupChange, GroupSettingsChange};

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live;
use crate::{RestError, RestState};

/// Body: `phone` (the group), and at least one of `adminOnlyMessage`, `adminOnlySettings`, `requireAdminApproval`, `adminOnlyAddMember`;
/// what is not named stays.
///
/// # Errors
/// Not connected, the fields, `GROUP_FORBIDDEN`.
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
