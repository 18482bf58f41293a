//! What happens beside messages: presence, calls, changes of groups.

use recado_kernel::{ChatAddress, PhoneNumber, Timestamp};
use serde::{Deserialize, Serialize};

/// What a person is doing in a chat (plugzapi-api.md 3.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PresenceState {
    /// Online.
    Available,
    /// Not any more.
    Unavailable,
    /// Typing.
    Composing,
    /// Recording an audio.
    Recording,
    /// Stopped typing or recording.
    Paused,
}

impl PresenceState {
    /// The `status` of the callback.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Unavailable => "UNAVAILABLE",
            Self::Composing => "COMPOSING",
            Self::Recording => "RECORDING",
            Self::Paused => "PAUSED",
        }
    }

    /// Reads the `status`, in any case.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let all = [Self::Available, Self::Unavailable, Self::Composing, Self::Recording, Self::Paused];
        all.into_iter().find(|state| state.as_str().eq_ignore_ascii_case(word.trim()))
    }
}

/// How far a call got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// It rings.
    Ringing,
    /// It ended and nobody had taken it: rejected, or rung out.
    Missed,
}

/// What changed in a group (plugzapi-api.md 3.4, `notification`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GroupNews {
    /// It was made.
    GroupCreate,
    /// People came in.
    GroupParticipantAdd,
    /// People were taken out.
    GroupParticipantRemove,
    /// Somebody left.
    GroupParticipantLeave,
    /// Somebody asks to come in, by the invitation.
    MembershipApprovalRequest,
    /// Somebody does not ask any more, or was not let in.
    RevokedMembershipRequests,
}

impl GroupNews {
    /// The `notification` of the callback.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GroupCreate => "GROUP_CREATE",
            Self::GroupParticipantAdd => "GROUP_PARTICIPANT_ADD",
            Self::GroupParticipantRemove => "GROUP_PARTICIPANT_REMOVE",
            Self::GroupParticipantLeave => "GROUP_PARTICIPANT_LEAVE",
            Self::MembershipApprovalRequest => "MEMBERSHIP_APPROVAL_REQUEST",
            Self::RevokedMembershipRequests => "REVOKED_MEMBERSHIP_REQUESTS",
        }
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// Somebody types, records, comes or goes. Worth nothing a moment later.
    Presence {
        /// Who.
        phone: PhoneNumber,
        /// What.
        state: PresenceState,
        /// When they were last there; `None` when hidden or there now.
        last_seen: Option<Timestamp>,
    },
    /// Somebody calls.
    Call {
        /// The call's id, the same in both states.
        call: String,
        /// Who.
        from: PhoneNumber,
        /// With picture?
        video: bool,
        /// How far it got.
        state: CallState,
    },
    /// A group the number is in changed.
    Group {
        /// Which.
        group: ChatAddress,
        /// Its name.
        subject: String,
        /// What.
        news: GroupNews,
        /// Who did it.
        by: PhoneNumber,
        /// To whom.
        members: Vec<PhoneNumber>,
    },
}
