//! Groups (plugzapi-api.md 2.9).

use async_trait::async_trait;
use recado_kernel::{ChatAddress, InstanceId, PhoneNumber, Timestamp};

use super::DirectoryError;

/// One group as a member sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `…-group`.
    pub id: ChatAddress,
    /// Its name.
    pub subject: String,
    /// Empty when there is none.
    pub description: String,
    /// Who made it.
    pub owner: PhoneNumber,
    /// When.
    pub created_at: Timestamp,
    /// When it was last renamed.
    pub subject_at: Timestamp,
    /// By whom.
    pub subject_by: PhoneNumber,
    /// Address of the picture.
    pub picture: Option<String>,
    /// What its admins decided.
    pub settings: GroupSettings,
    /// Who is in it; the owner first, then admins.
    pub members: Vec<GroupMember>,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMember {
    /// Who.
    pub phone: PhoneNumber,
    /// The hidden id.
    pub lid: Option<String>,
    /// May they manage it?
    pub is_admin: bool,
    /// Did they make it?
    pub is_super_admin: bool,
    /// Name in the address book, or the name shown.
    pub name: Option<String>,
}

/// What admins decide.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GroupSettings {
    /// Only admins write.
    pub admin_only_message: bool,
    /// Only admins change name, picture and description.
    pub admin_only_settings: bool,
    /// Admins let people in.
    pub require_admin_approval: bool,
    /// Only admins add people.
    pub admin_only_add_member: bool,
}

/// A partial change of [`GroupSettings`]; `None` stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GroupSettingsChange {
    /// Only admins write.
    pub admin_only_message: Option<bool>,
    /// Only admins change name, picture and description.
    pub admin_only_settings: Option<bool>,
    /// Admins let people in.
    pub require_admin_approval: Option<bool>,
    /// Only admins add people.
    pub admin_only_add_member: Option<bool>,
}

/// A group to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
    pub subject: String,
    /// Who is in it from the beginning, besides the number itself.
    pub members: Vec<PhoneNumber>,
    /// Send the invitation to those who cannot be added.
    pub auto_invite: bool,
}

/// A group that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedGroup {
    /// `…-group`.
    pub id: ChatAddress,
    /// `https://chat.whatsapp.com/…`.
    pub invite_link: String,
}

/// A change of the group itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupChange {
    /// Another name.
    Subject(String),
    /// Another description; empty takes it away.
    Description(String),
    /// Another picture: an http(s) address or a data URL.
    Picture(String),
    /// Other decisions.
    Settings(GroupSettingsChange),
}

/// A change of who is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberAction {
    /// Into the group.
    Add {
        /// Send the invitation to those who cannot be added.
        auto_invite: bool,
    },
    /// Out of it.
    Remove,
    /// Lets somebody in who asked.
    Approve,
    /// Does not.
    Reject,
    /// Makes an admin.
    Promote,
    /// Takes it back.
    Demote,
}

/// What came of a change of members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// Those it happened to.
    pub done: Vec<PhoneNumber>,
    /// Those who were invited instead of added.
    pub invited: Vec<PhoneNumber>,
}

/// The invitation, as far as the number may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InviteLink {
    /// `https://chat.whatsapp.com/…`.
    Shown(String),
    /// Not shown.
    Withheld(LinkWithheld),
}

/// Why an invitation is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkWithheld {
    /// The number is not an admin.
    NotAuthorized,
    /// The number is not in the group.
    Forbidden,
    /// Asked too often.
    TooManyRequests,
}

/// Groups of a session.
#[async_trait]
pub trait GroupBook: Send + Sync {
    /// One group. [`DirectoryError::GroupForbidden`] when the number is not in it.
    async fn group(&self, instance: InstanceId, id: &ChatAddress) -> Result<Group, DirectoryError>;

    /// Makes a group. [`DirectoryError::GroupPhone`] when one of the numbers has no WhatsApp or is the number's own.
    async fn create_group(&self, instance: InstanceId, group: &NewGroup) -> Result<CreatedGroup, DirectoryError>;

    /// Changes the group itself.
    async fn change_group(&self, instance: InstanceId, id: &ChatAddress, change: &GroupChange) -> Result<(), DirectoryError>;

    /// Changes who is in it. All or nothing: with one number that cannot be, nobody is changed.
    async fn change_members(
        &self,
        instance: InstanceId,
        id: &ChatAddress,
        action: MemberAction,
        phones: &[PhoneNumber],
    ) -> Result<MemberChange, DirectoryError>;

    /// The number leaves.
    async fn leave_group(&self, instance: InstanceId, id: &ChatAddress) -> Result<(), DirectoryError>;

    /// The invitation of a group.
    async fn invite_link(&self, instance: InstanceId, id: &ChatAddress) -> Result<InviteLink, DirectoryError>;

    /// Another invitation; the old one is void.
    async fn renew_invite_link(&self, instance: InstanceId, id: &ChatAddress) -> Result<String, DirectoryError>;

    /// The group behind an invitation, seen from outside.
    async fn invited_group(&self, instance: InstanceId, link: &str) -> Result<Group, DirectoryError>;

    /// Follows an invitation: into the group, or (where admins let people in) into the list of those who ask.
    async fn accept_invite(&self, instance: InstanceId, link: &str) -> Result<(), DirectoryError>;
}
