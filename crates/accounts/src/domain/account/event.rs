//! What happened to an account. Wire names are for ever.

use cqrs_es::DomainEvent;
use recado_kernel::{Locale, Sealed, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How a new password came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordChange {
    /// Signed in, knowing the old one.
    Changed,
    /// Through a link sent by e-mail, which also proves the address.
    Reset,
}

/// Events of an account. Business time is the record's `occurred_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum AccountEvent {
    /// Signed up; `owner` is its first person.
    #[serde(rename = "account.registered")]
    Registered {
        owner: UserId,
        name: Sealed,
        email: Sealed,
        email_digest: String,
        document: Option<Sealed>,
        locale: Locale,
        password_protected: String,
        client_token_protected: String,
        client_token_digest: String,
        partner_token_protected: String,
        partner_token_digest: String,
    },
    /// Somebody tried to register the same address again.
    #[serde(rename = "account.registration_repeated")]
    RegistrationRepeated {},
    /// Another verification link was asked for.
    #[serde(rename = "account.verification_requested")]
    VerificationRequested { user: UserId },
    /// The address is proved.
    #[serde(rename = "account.verified")]
    Verified { user: UserId },
    /// A link for a new password was asked for.
    #[serde(rename = "account.password_reset_requested")]
    PasswordResetRequested { user: UserId },
    /// The password is new; sessions other than `kept_session` are over.
    #[serde(rename = "account.password_changed")]
    PasswordChanged { user: UserId, password_protected: String, how: PasswordChange, kept_session: Option<Uuid> },
    /// Somebody signed in.
    #[serde(rename = "account.signed_in")]
    SignedIn { user: UserId, ip: Option<Sealed>, user_agent: Option<Sealed> },
    /// Too many wrong passwords.
    #[serde(rename = "account.sign_in_locked")]
    SignInLocked { user: UserId, until: Timestamp },
    /// REST calls need the Client-Token from now on.
    #[serde(rename = "account.client_token_activated")]
    ClientTokenActivated {},
    /// The Client-Token is another one.
    #[serde(rename = "account.client_token_rotated")]
    ClientTokenRotated { token_protected: String, token_digest: String },
    /// The partner token is another one.
    #[serde(rename = "account.partner_token_rotated")]
    PartnerTokenRotated { token_protected: String, token_digest: String },
    /// Name, document or language changed.
    #[serde(rename = "account.profile_changed")]
    ProfileChanged { user: UserId, name: Sealed, document: Option<Sealed>, locale: Locale },
    /// The staff looked; who is the record's actor.
    #[serde(rename = "account.support_viewed")]
    SupportViewed { what: String },
}

impl DomainEvent for AccountEvent {
    fn event_type(&self) -> String {
        match self {
            Self::Registered { .. } => "account.registered",
            Self::RegistrationRepeated {} => "account.registration_repeated",
            Self::VerificationRequested { .. } => "account.verification_requested",
            Self::Verified { .. } => "account.verified",
            Self::PasswordResetRequested { .. } => "account.password_reset_requested",
            Self::PasswordChanged { .. } => "account.password_changed",
            Self::SignedIn { .. } => "account.signed_in",
            Self::SignInLocked { .. } => "account.sign_in_locked",
            Self::ClientTokenActivated {} => "account.client_token_activated",
            Self::ClientTokenRotated { .. } => "account.client_token_rotated",
            Self::PartnerTokenRotated { .. } => "account.partner_token_rotated",
            Self::ProfileChanged { .. } => "account.profile_changed",
            Self::SupportViewed { .. } => "account.support_viewed",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}
