//! Secrets of people and accounts: password hashes and random tokens.

mod passwords;
mod tokens;

pub use passwords::Passwords;
pub use tokens::{SessionToken, account_token, link_token};

/// Scope of the keyed digest, and of the claim, of an e-mail address.
pub const EMAIL: &str = "email";
/// Scope of the keyed digest, and of the claim, of a Client-Token or partner token.
pub const ACCOUNT_TOKEN: &str = "account_token";
/// Purpose of an encrypted password hash.
pub const PASSWORD: &str = "password";
