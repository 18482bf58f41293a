//! The invitation of a group: shown, replaced, followed.

use axum::extract::{RawPathParams, State};
use recado_messaging::engine::directory::InviteLink;
use serde::Serialize;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::live;
use crate::{RestError, RestState};

/// The invitation and whose it is.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    phone: String,
    invitation_link: String,
}

/// The new invitation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Renewed {
    invitation_link: String,
}

/// It was followed.
#[derive(Debug, Serialize)]
pub struct Followed {
    success: bool,
}

/// `GET|POST /group-invitation-link/{group}`.
///
/// # Errors
/// Not connected, `Invalid phone`, `GROUP_FORBIDDEN` for whoever may not see it.
pub async fn show(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Invitation> {
    let (session, id) = (live::session(&state, &caller)?, live::group_of_path(&path)?);
    match session.answer(session.directory().invite_link(session.instance(), &id)).await? {
        InviteLink::Shown(invitation_link) => Ok(Reply::ok(Invitation { phone: id.to_string(), invitation_link })),
        InviteLink::Withheld(_) => Err(RestError::Refused("GROUP_FORBIDDEN".to_owned())),
    }
}

/// `POST /redefine-invitation-link/{group}`: the old one is void.
///
/// # Errors
/// Not connected, `Invalid phone`, `GROUP_FORBIDDEN`.
pub async fn renew(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Renewed> {
    let (session, id) = (live::session(&state, &caller)?, live::group_of_path(&path)?);
    let invitation_link = session.answer(session.directory().renew_invite_link(session.instance(), &id)).await?;
    Ok(Reply::ok(Renewed { invitation_link }))
}

/// `GET /accept-invite-group?url=`: into the group, or into the list of those who ask.
///
/// # Errors
/// Not connected, `url is required`, `GROUP_FORBIDDEN` for an invitation that leads nowhere.
pub async fn accept(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Followed> {
    let session = live::session(&state, &caller)?;
    let url = params.text("url").ok_or(RestError::Required("url"))?;
    session.answer(session.directory().accept_invite(session.instance(), url)).await?;
    Ok(Reply::ok(Followed { success: true }))
}
