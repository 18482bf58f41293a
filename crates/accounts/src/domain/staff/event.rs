//! What happened to a staff member. Wire names are for ever.

use recado_event_store::stored_events;
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

stored_events! {
    StaffEvent {
        Created => "staff.created" 1,
            en "A person of the operator can sign in, with this role.",
            pt "Uma pessoa do operador pode entrar, com este papel.",
            sealed ["email"];
        PasswordResetRequested => "staff.password_reset_requested" 1,
            en "A link for a new password was asked for.",
            pt "Um link para nova senha foi pedido.";
        PasswordChanged => "staff.password_changed" 1,
            en "The password is another one; every other session of the person is over.",
            pt "A senha foi trocada; as outras sessões da pessoa terminaram.";
        SignedIn => "staff.signed_in" 1,
            en "A person of the operator signed in.",
            pt "Uma pessoa do operador entrou no painel.",
            sealed ["ip", "user_agent"];
        SignInLocked => "staff.sign_in_locked" 1,
            en "Too many wrong passwords closed the door for a while.",
            pt "Excesso de senhas erradas bloqueou a entrada por um tempo.";
    }
}
