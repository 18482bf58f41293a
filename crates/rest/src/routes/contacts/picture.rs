//! `GET /profile-picture?phone=`: where a picture can be fetched for the next 48 hours.

use axum::extract::State;
use serde::Serialize;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::live;
use crate::{RestError, RestState};

/// An object (plugzapi-api.md 2.7); `null` when there is no picture to be seen.
#[derive(Debug, Serialize)]
pub struct Picture {
    link: Option<String>,
}

/// Of a person or a group.
///
/// # Errors
/// Not connected, `phone is required`, `Invalid phone`.
pub async fn show(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Picture> {
    let session = live::session(&state, &caller)?;
    let who = params.text("phone").ok_or(RestError::Required("phone"))?.parse().map_err(|_| RestError::InvalidPhone)?;
    let link = session.answer(session.directory().picture(session.instance(), &who)).await?;
    Ok(Reply::ok(Picture { link }))
}
