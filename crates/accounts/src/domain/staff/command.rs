//! What may be asked of a person of the staff.

use recado_kernel::{Locale, Sealed, Timestamp};
use uuid::Uuid;

use super::StaffRole;
use crate::domain::account::PasswordChange;

/// Commands on a staff member.
#[derive(Debug, Clone, PartialEq)]
pub enum StaffCommand {
    /// Comes into being.
    Create {
        /// E-mail.
        email: Sealed,
        /// Its keyed digest.
        email_digest: String,
        /// Role.
        role: StaffRole,
        /// Language.
        locale: Locale,
        /// argon2id hash, encrypted.
        password_protected: String,
    },
    /// A link to set a new password was asked for.
    RequestPasswordReset,
    /// A new password.
    ChangePassword {
        /// argon2id hash, encrypted.
        password_protected: String,
        /// How it came about.
        how: PasswordChange,
        /// The session that asked stays; all others end.
        kept_session: Option<Uuid>,
    },
    /// A sign-in succeeded.
    RecordSignIn {
        /// From where.
        ip: Option<Sealed>,
        /// With what.
        user_agent: Option<Sealed>,
    },
    /// Too many wrong passwords closed the door.
    RecordLock {
        /// Until when.
        until: Timestamp,
    },
}
