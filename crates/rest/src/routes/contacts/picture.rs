//! `GET /profile-picture?phone=`: where a picture can be fetched for the next 48 hours.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::live;
use crate::{RestError, RestState};

/// An object (plugzapi-api.md 2.7); `null` when there is no picture to be seen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfilePicture, example = json!({ "link": null }))]
pub struct Picture {
    link: Option<String>,
}

/// Of a person or a group.
///
/// # Errors
/// Not connected, `phone is required`, `Invalid phone`.
#[utoipa::path(
    get,
    path = "/profile-picture",
    summary = "Foto do perfil",
    description = "De uma pessoa ou de um grupo; `null` quando não há, ou não se pode ver.",
    params(
        ("phone" = String, Query, description = "De quem.", example = "5562988887777"),
    ),
    responses((status = 200, description = "O endereço da foto.", body = Picture)),
    extensions(("x-refusals" = json!(["NotConnected", "phone is required", "InvalidPhone"]))),
)]
pub async fn show(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Picture> {
    let session = live::session(&state, &caller)?;
    let who = params.text("phone").ok_or(RestError::Required("phone"))?.parse().map_err(|_| RestError::InvalidPhone)?;
    let link = session.answer(session.directory().picture(session.instance(), &who)).await?;
    Ok(Reply::ok(Picture { link }))
}
