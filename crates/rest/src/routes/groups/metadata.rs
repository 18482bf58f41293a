//! `GET|POST /group-metadata/{group}`, the same without its invitation, and the group behind an invitation.

use axum::extract::{RawPathParams, State};
use recado_messaging::engine::directory::{Group, InviteLink, LinkWithheld};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::live;
use crate::{RestError, RestState};

/// A group and who is in it; times in Unix milliseconds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GroupMetadata, example = json!({
    "phone": "120363025486970112-group", "description": "", "owner": "5562933334444", "subject": "Entregas",
    "creation": 1_781_520_000_000_i64, "communityId": null, "adminOnlyMessage": false, "adminOnlySettings": false,
    "requireAdminApproval": false, "adminOnlyAddMember": false, "isGroupAnnouncement": false,
    "participants": [{
        "phone": "5562988887777", "lid": null, "isAdmin": false, "isSuperAdmin": false, "short": "Ana", "name": "Ana Souza"
    }],
    "subjectTime": 1_781_520_000_000_i64, "subjectOwner": "5562933334444"
}))]
pub struct Metadata {
    phone: String,
    description: String,
    owner: String,
    subject: String,
    creation: i64,
    community_id: Option<String>,
    admin_only_message: bool,
    admin_only_settings: bool,
    require_admin_approval: bool,
    admin_only_add_member: bool,
    is_group_announcement: bool,
    participants: Vec<Participant>,
    subject_time: i64,
    subject_owner: String,
}

/// Somebody in it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GroupParticipant)]
pub struct Participant {
    phone: String,
    lid: Option<String>,
    is_admin: bool,
    is_super_admin: bool,
    short: String,
    name: String,
}

/// With its invitation, as far as the number may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = WholeGroupMetadata, example = json!({
    "phone": "120363025486970112-group", "description": "", "owner": "5562933334444", "subject": "Entregas",
    "creation": 1_781_520_000_000_i64, "communityId": null, "adminOnlyMessage": false, "adminOnlySettings": false,
    "requireAdminApproval": false, "adminOnlyAddMember": false, "isGroupAnnouncement": false,
    "participants": [{
        "phone": "5562988887777", "lid": null, "isAdmin": false, "isSuperAdmin": false, "short": "Ana", "name": "Ana Souza"
    }],
    "subjectTime": 1_781_520_000_000_i64, "subjectOwner": "5562933334444",
    "invitationLink": "https://chat.whatsapp.com/DCaqftVlS6dHWtlvfd3hUa", "invitationLinkError": null
}))]
pub struct Whole {
    #[serde(flatten)]
    group: Metadata,
    invitation_link: Option<String>,
    invitation_link_error: Option<&'static str>,
}

/// As whoever holds the invitation sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvitedGroupMetadata, example = json!({
    "phone": "120363025486970112-group", "description": "", "owner": "5562933334444", "subject": "Entregas",
    "creation": 1_781_520_000_000_i64, "communityId": null, "adminOnlyMessage": false, "adminOnlySettings": false,
    "requireAdminApproval": false, "adminOnlyAddMember": false, "isGroupAnnouncement": false,
    "participants": [{
        "phone": "5562988887777", "lid": null, "isAdmin": false, "isSuperAdmin": false, "short": "Ana", "name": "Ana Souza"
    }],
    "subjectTime": 1_781_520_000_000_i64, "subjectOwner": "5562933334444",
    "invitationLink": "https://chat.whatsapp.com/DCaqftVlS6dHWtlvfd3hUa", "contactsCount": 0, "participantsCount": 1
}))]
pub struct Invited {
    #[serde(flatten)]
    group: Metadata,
    invitation_link: String,
    contacts_count: usize,
    participants_count: usize,
}

impl Metadata {
    fn of(group: Group) -> Self {
        let participants = group.members.into_iter().map(|member| {
            let name = member.name.unwrap_or_default();
            Participant {
                phone: member.phone.into(),
                lid: member.lid,
                is_admin: member.is_admin,
                is_super_admin: member.is_super_admin,
                short: name.split(' ').next().unwrap_or_default().to_owned(),
                name,
            }
        });
        Self {
            phone: group.id.to_string(),
            description: group.description,
            owner: group.owner.into(),
            subject: group.subject,
            creation: group.created_at.timestamp_millis(),
            community_id: None,
            admin_only_message: group.settings.admin_only_message,
            admin_only_settings: group.settings.admin_only_settings,
            require_admin_approval: group.settings.require_admin_approval,
            admin_only_add_member: group.settings.admin_only_add_member,
            is_group_announcement: group.settings.admin_only_message,
            participants: participants.collect(),
            subject_time: group.subject_at.timestamp_millis(),
            subject_owner: group.subject_by.into(),
        }
    }
}

/// # Errors
/// Not connected, `Invalid phone`, `GROUP_FORBIDDEN`.
#[utoipa::path(
    method(get, post),
    path = "/group-metadata/{group}",
    summary = "Ver um grupo",
    description = "Com membros e convite. `POST` é o verbo da PlugZapi.",
    responses((status = 200, description = "O grupo.", body = Whole)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN"]))),
)]
pub async fn whole(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Whole> {
    let (session, id) = (live::session(&state, &caller)?, live::group_of_path(&path)?);
    let group = session.answer(session.directory().group(session.instance(), &id)).await?;
    let (invitation_link, invitation_link_error) =
        match session.answer(session.directory().invite_link(session.instance(), &id)).await? {
            InviteLink::Shown(link) => (Some(link), None),
            InviteLink::Withheld(LinkWithheld::NotAuthorized) => (None, Some("not-authorized")),
            InviteLink::Withheld(LinkWithheld::Forbidden) => (None, Some("forbidden")),
            InviteLink::Withheld(LinkWithheld::TooManyRequests) => (None, Some("too many requests")),
        };
    Ok(Reply::ok(Whole { group: Metadata::of(group), invitation_link, invitation_link_error }))
}

/// # Errors
/// Not connected, `Invalid phone`, `GROUP_FORBIDDEN`.
#[utoipa::path(
    method(get, post),
    path = "/light-group-metadata/{group}",
    summary = "Ver um grupo, sem o convite",
    description = "Mais rápido do que com o convite.",
    responses((status = 200, description = "O grupo.", body = Metadata)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "GROUP_FORBIDDEN"]))),
)]
pub async fn light(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Metadata> {
    let (session, id) = (live::session(&state, &caller)?, live::group_of_path(&path)?);
    let group = session.answer(session.directory().group(session.instance(), &id)).await?;
    Ok(Reply::ok(Metadata::of(group)))
}

/// Query: `url`, the invitation.
///
/// # Errors
/// Not connected, `url is required`, `GROUP_FORBIDDEN` for an invitation that leads nowhere.
#[utoipa::path(
    get,
    path = "/group-invitation-metadata",
    summary = "Ver o grupo de um convite",
    description = "Antes de entrar.",
    params(
        ("url" = String, Query, description = "O convite.", example = "https://chat.whatsapp.com/DCaqftVlS6dHWtlvfd3hUa"),
    ),
    responses((status = 200, description = "O grupo.", body = Invited)),
    extensions(("x-refusals" = json!(["NotConnected", "url is required", "GROUP_FORBIDDEN"]))),
)]
pub async fn invited(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Invited> {
    let session = live::session(&state, &caller)?;
    let url = params.text("url").ok_or(RestError::Required("url"))?;
    let group = session.answer(session.directory().invited_group(session.instance(), url)).await?;
    let participants_count = group.members.len();
    Ok(Reply::ok(Invited { group: Metadata::of(group), invitation_link: url.to_owned(), contacts_count: 0, participants_count }))
}
