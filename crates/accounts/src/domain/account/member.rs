//! Parts of an account's state.

use recado_kernel::{Locale, Sealed};
use serde::{Deserialize, Serialize};

use super::Role;

/// A person in an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// What they may do.
    pub role: Role,
    /// Display name.
    pub name: Sealed,
    /// Where mail goes; permanent.
    pub email: Sealed,
    /// Keyed digest of the e-mail.
    pub email_digest: String,
    /// Language of mails and of the panel.
    pub locale: Locale,
    /// argon2id hash, encrypted.
    pub password_protected: String,
    /// Has the address been proved?
    pub verified: bool,
}

/// The addresses REST calls may come from (plugzapi-api.md 1.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IpList {
    /// Are other addresses refused?
    pub active: bool,
    /// The addresses and networks, encrypted: they may be somebody's home.
    pub protected: String,
    /// Their keyed digest.
    pub digest: String,
}

/// A token of the account that can be shown again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountToken {
    /// Encrypted.
    pub protected: String,
    /// Keyed digest: how it is found and compared.
    pub digest: String,
}
