//! `PUT /update-name`: another display name.

use axum::extract::State;

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

crate::body! {
    /// What `PUT /update-name` takes.
    pub UpdateNameBody { text("value", "O novo nome, de 1 a 100 caracteres.").required() }
    example { "value": "Atendimento" }
}

/// Body: `value`, 1 to 100 characters.
///
/// # Errors
/// The field, the database.
#[utoipa::path(
    put,
    path = "/update-name",
    summary = "Mudar o nome",
    description = "O nome da instância, como aparece no painel.",
    request_body = UpdateNameBody,
    responses((status = 200, description = "Mudado.", body = crate::answer::ValueBody)),
)]
pub async fn rename(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    let name = body.text("value")?.parse().map_err(|_| RestError::Invalid("value"))?;
    let recorded = state.messaging.rename_instance(caller.meta(&state), caller.instance(), name).await?;
    caller.see(&state, recorded).await;
    Ok(Value::reply(true))
}
