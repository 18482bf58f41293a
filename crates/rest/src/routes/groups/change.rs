//! `POST /update-group-name`, `-photo`, `-description`: one text of a group.

use axum::extract::State;
use recado_messaging::engine::directory::GroupChange;

use crate::answer::{Answer, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::routes::live::{self, named};
use crate::{RestError, RestState};

crate::body! {
    /// What `POST /update-group-name` takes.
    pub GroupNameBody { text("groupId", "ID do grupo; também aceito como `phone`.").required(), text("groupName", "O novo valor.").required() }
    example { "groupId": "120363025486970112-group", "groupName": "Entregas da semana" }
}

/// `POST /update-group-name`: body `groupId` and `groupName`.
///
/// # Errors
/// Not connected, the fields, `GROUP_FORBIDDEN`.
#[utoipa::path(
    post,
    path = "/update-group-name",
    summary = "Mudar o nome do grupo",
    description = "O nome, como todos o veem.",
    request_body = GroupNameBody,
    responses((status = 200, description = "Mudado.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN"]))),
)]
pub async fn subject(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    update(state, caller, body, "groupName", GroupChange::Subject).await
}

crate::body! {
    /// What `POST /update-group-photo` takes.
    pub GroupPhotoBody { text("groupId", "ID do grupo; também aceito como `phone`.").required(), text("groupPhoto", "O novo valor.").required() }
    example { "groupId": "120363025486970112-group", "groupPhoto": "https://www.example.com/grupo.jpg" }
}

/// `POST /update-group-photo`: body `groupId` and `groupPhoto`.
///
/// # Errors
/// Not connected, the fields, `GROUP_FORBIDDEN`.
#[utoipa::path(
    post,
    path = "/update-group-photo",
    summary = "Mudar a foto do grupo",
    description = "Uma imagem, por endereço ou data URL.",
    request_body = GroupPhotoBody,
    responses((status = 200, description = "Mudado.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN"]))),
)]
pub async fn picture(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    update(state, caller, body, "groupPhoto", GroupChange::Picture).await
}

crate::body! {
    /// What `POST /update-group-description` takes.
    pub GroupDescriptionBody { text("groupId", "ID do grupo; também aceito como `phone`.").required(), text("groupDescription", "O novo valor.").required() }
    example { "groupId": "120363025486970112-group", "groupDescription": "Avisos de entrega" }
}

/// `POST /update-group-description`: body `groupId` and `groupDescription`.
///
/// # Errors
/// Not connected, the fields, `GROUP_FORBIDDEN`.
#[utoipa::path(
    post,
    path = "/update-group-description",
    summary = "Mudar a descrição do grupo",
    description = "Vazia: nenhuma.",
    request_body = GroupDescriptionBody,
    responses((status = 200, description = "Mudado.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN"]))),
)]
pub async fn description(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Value> {
    update(state, caller, body, "groupDescription", GroupChange::Description).await
}

async fn update(
    state: RestState,
    caller: Caller,
    body: Fields,
    field: &'static str,
    change: fn(String) -> GroupChange,
) -> Answer<Value> {
    let session = live::session(&state, &caller)?;
    let group = live::group_of_body(&body, "groupId")?;
    let text = match field {
        "groupDescription" => body.clearable_text(field)?.unwrap_or_default(),
        _ => body.text(field)?,
    };
    let change = change(text.to_owned());
    let done = session.answer(session.directory().change_group(session.instance(), &group, &change)).await;
    done.map_err(RestError::from).map_err(named(field))?;
    Ok(Value::reply(true))
}
