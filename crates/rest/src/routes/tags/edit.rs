//! `POST /business/create-tag`, `POST /business/edit-tag/{id}`, `DELETE /business/tag/{id}`.

use axum::extract::{RawPathParams, State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::{Caller, path_value};
use crate::body::Fields;
use crate::routes::live::{self, named};
use crate::{RestError, RestState};

/// The new tag.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CreatedTag, example = json!({ "id": "10" }))]
pub struct Created {
    id: String,
}

/// It was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TagDone, example = json!({ "success": true }))]
pub struct Done {
    success: bool,
}

crate::body! {
    /// What `POST /business/create-tag` takes.
    pub CreateTagBody {
        text("name", "Nome.").required(),
        integer("color", "Índice de `GET /business/tags/colors`."),
    }
    example { "name": "Cliente novo", "color": 1 }
}

/// Body: `name`, optional `color` (an index of `/business/tags/colors`).
///
/// # Errors
/// Not connected, the fields.
#[utoipa::path(
    post,
    path = "/business/create-tag",
    summary = "Criar etiqueta",
    description = "Uma etiqueta nova.",
    request_body = CreateTagBody,
    responses((status = 200, description = "Criada.", body = Created)),
    extensions(("x-refusals" = json!(["NotConnected"]))),
)]
pub async fn create(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Created> {
    let session = live::session(&state, &caller)?;
    let (name, color) = (body.text("name")?, color(&body)?);
    let id = session.answer(session.directory().create_tag(session.instance(), name, color)).await;
    Ok(Reply::ok(Created { id: id.map_err(RestError::from).map_err(named("name"))? }))
}

crate::body! {
    /// What `POST /business/edit-tag/{id}` takes.
    pub EditTagBody {
        text("name", "Nome.").required(),
        integer("color", "Índice de `GET /business/tags/colors`."),
    }
    example { "name": "Cliente fiel", "color": 2 }
}

/// Body: `name`, optional `color`.
///
/// # Errors
/// Not connected, the fields, `Tag not found`.
#[utoipa::path(
    post,
    path = "/business/edit-tag/{id}",
    summary = "Mudar etiqueta",
    description = "Outro nome, ou outra cor.",
    request_body = EditTagBody,
    responses((status = 200, description = "Feito.", body = Done)),
    extensions(("x-refusals" = json!(["NotConnected", "Tag not found"]))),
)]
pub async fn edit(State(state): State<RestState>, caller: Caller, path: RawPathParams, body: Fields) -> Answer<Done> {
    let session = live::session(&state, &caller)?;
    let (name, color) = (body.text("name")?, color(&body)?);
    let id = path_value(&path, "id");
    let done = session.answer(session.directory().edit_tag(session.instance(), id, name, color)).await;
    done.map_err(RestError::from).map_err(named("name"))?;
    Ok(Reply::ok(Done { success: true }))
}

/// Also from every chat.
///
/// # Errors
/// Not connected, `Tag not found`.
#[utoipa::path(
    delete,
    path = "/business/tag/{id}",
    summary = "Apagar etiqueta",
    description = "Também das conversas.",
    responses((status = 200, description = "Feito.", body = Done)),
    extensions(("x-refusals" = json!(["NotConnected", "Tag not found"]))),
)]
pub async fn delete(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Done> {
    let session = live::session(&state, &caller)?;
    session.answer(session.directory().delete_tag(session.instance(), path_value(&path, "id"))).await?;
    Ok(Reply::ok(Done { success: true }))
}

fn color(body: &Fields) -> Result<Option<i32>, RestError> {
    body.optional_integer("color")?.map(i32::try_from).transpose().map_err(|_| RestError::Invalid("color"))
}
