//! The invitation of a group: shown, replaced, followed.

use axum::extract::{RawPathParams, State};
use recado_messaging::engine::directory::InviteLink;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::live;
use crate::{RestError, RestState};

/// The invitation and whose it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GroupInvitation, example = json!({
    "phone": "120363025486970112-group", "invitationLink": "https://chat.whatsapp.com/DCaqftVlS6dHWtlvfd3hUa"
}))]
pub struct Invitation {
    phone: String,
    invitation_link: String,
}

/// The new invitation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RenewedInvitation, example = json!({ "invitationLink": "https://chat.whatsapp.com/DCaqftVlS6dHWtlvfd3hUa" }))]
pub struct Renewed {
    invitation_link: String,
}

/// It was followed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FollowedInvitation, example = json!({ "success": true }))]
pub struct Followed {
    success: bool,
}

/// `GET|POST /group-invitation-link/{group}`.
///
/// # Errors
/// Not connected, `Invalid phone`, `GROUP_FORBIDDEN` for whoever may not see it.
#[utoipa::path(
    method(get, post),
    path = "/group-invitation-link/{group}",
    summary = "Ver o convite do grupo",
    description = "O endereço pelo qual se entra.",
    responses((status = 200, description = "O convite.", body = Invitation)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN"]))),
)]
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
#[utoipa::path(
    post,
    path = "/redefine-invitation-link/{group}",
    summary = "Trocar o convite do grupo",
    description = "O anterior deixa de valer.",
    responses((status = 200, description = "O convite novo.", body = Renewed)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN"]))),
)]
pub async fn renew(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Renewed> {
    let (session, id) = (live::session(&state, &caller)?, live::group_of_path(&path)?);
    let invitation_link = session.answer(session.directory().renew_invite_link(session.instance(), &id)).await?;
    Ok(Reply::ok(Renewed { invitation_link }))
}

/// `GET /accept-invite-group?url=`: into the group, or into the list of those who ask.
///
/// # Errors
/// Not connected, `url is required`, `GROUP_FORBIDDEN` for an invitation that leads nowhere.
#[utoipa::path(
    get,
    path = "/accept-invite-group",
    summary = "Entrar por convite",
    description = "No grupo, ou na lista de quem pede para entrar.",
    params(
        ("url" = String, Query, description = "O convite.", example = "https://chat.whatsapp.com/DCaqftVlS6dHWtlvfd3hUa"),
    ),
    responses((status = 200, description = "Aceito.", body = Followed)),
    extensions(("x-refusals" = json!(["NotConnected", "url is required", "GROUP_FORBIDDEN"]))),
)]
pub async fn accept(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Followed> {
    let session = live::session(&state, &caller)?;
    let url = params.text("url").ok_or(RestError::Required("url"))?;
    session.answer(session.directory().accept_invite(session.instance(), url)).await?;
    Ok(Reply::ok(Followed { success: true }))
}
