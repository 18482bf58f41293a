//! What happened to a staff member. Wire names are for ever.

use cqrs_es::DomainEvent;
use recado_kernel::{Locale, Sealed, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::StaffRole;
use crate::domain::account::PasswordChange;

/// Events of a staff member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum StaffEvent {
    /// Created by the command line.
    #[serde(rename = "staff.created")]
    Created { email: Sealed, email_digest: String, role: StaffRole, locale: Locale, password_protected: String },
    /// A link for a new password was asked for.
    #[serde(rename = "staff.password_reset_requested")]
    PasswordResetRequested {},
    /// The password is new; sessions other than `kept_session` are over.
    #[serde(rename = "staff.password_changed")]
    PasswordChanged { password_protected: String, how: PasswordChange, kept_session: Option<Uuid> },
    /// Signed in.
    #[serde(rename = "staff.signed_in")]
    SignedIn { ip: Option<Sealed>, user_agent: Option<Sealed> },
    /// Too many wrong passwords.
    #[serde(rename = "staff.sign_in_locked")]
    SignInLocked { until: Timestamp },
}

impl DomainEvent for StaffEvent {
    fn event_type(&self) -> String {
        match self {
            Self::Created { .. } => "staff.created",
            Self::PasswordResetRequested {} => "staff.password_reset_requested",
            Self::PasswordChanged { .. } => "staff.password_changed",
            Self::SignedIn { .. } => "staff.signed_in",
            Self::SignInLocked { .. } => "staff.sign_in_locked",
        }
        .to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}
