//! What may be asked of an account. Everything that needs the world (ids, seals, hashes, tokens, times) is already inside.

use recado_kernel::{Locale, Sealed, Timestamp, UserId};
use uuid::Uuid;

use super::{Erasure, IpList, PasswordChange};

/// A new token, encrypted and digested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// For showing it again.
    pub protected: String,
    /// For finding and comparing it.
    pub digest: String,
}

/// A sign-up.
#[derive(Debug, Clone, PartialEq)]
pub struct Registration {
    /// Id of the person who becomes the owner.
    pub owner: UserId,
    /// Name.
    pub name: Sealed,
    /// E-mail.
    pub email: Sealed,
    /// Its keyed digest.
    pub email_digest: String,
    /// CPF or CNPJ.
    pub document: Option<Sealed>,
    /// Language.
    pub locale: Locale,
    /// argon2id hash, encrypted.
    pub password_protected: String,
    /// The Client-Token, disabled at first (plugzapi-api.md 1.2).
    pub client_token: NewToken,
    /// The partner token (plugzapi-api.md 2.12).
    pub partner_token: NewToken,
    /// The operator vouches for the address (command line): no link is needed.
    pub already_verified: bool,
}

/// Commands on an account.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountCommand {
    /// Comes into being.
    Register(Box<Registration>),
    /// Somebody tried to register an address that is already in use.
    RecordRepeatedRegistration,
    /// A new link to prove the address was asked for.
    RequestVerification {
        /// Who.
        user: UserId,
    },
    /// The link was followed.
    Verify {
        /// Who.
        user: UserId,
    },
    /// A link to set a new password was asked for.
    RequestPasswordReset {
        /// Who.
        user: UserId,
    },
    /// A new password.
    ChangePassword {
        /// Who.
        user: UserId,
        /// argon2id hash, encrypted.
        password_protected: String,
        /// How it came about.
        how: PasswordChange,
        /// The session that asked stays; all others end.
        kept_session: Option<Uuid>,
    },
    /// A sign-in succeeded.
    RecordSignIn {
        /// Who.
        user: UserId,
        /// From where.
        ip: Option<Sealed>,
        /// With what.
        user_agent: Option<Sealed>,
    },
    /// Too many wrong passwords closed the door.
    RecordLock {
        /// Whose door.
        user: UserId,
        /// Until when.
        until: Timestamp,
    },
    /// From now on every REST call needs the Client-Token.
    ActivateClientToken,
    /// A new Client-Token; whether it is active stays as it is.
    RotateClientToken(NewToken),
    /// A new partner token.
    RotatePartnerToken(NewToken),
    /// From where REST calls may come.
    ChangeIpList(IpList),
    /// New name, document, language (the e-mail is permanent).
    ChangeProfile {
        /// Who asks: the owner's own name is the account's.
        user: UserId,
        /// Name.
        name: Sealed,
        /// CPF or CNPJ.
        document: Option<Sealed>,
        /// Language.
        locale: Locale,
    },
    /// The staff looked at the account.
    RecordSupportView {
        /// What they looked at, e.g. "timeline".
        what: String,
    },
    /// A person's data is erased.
    EraseSubject(Box<Erasure>),
}
