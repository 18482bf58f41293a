//! An account and the people in it.
//!
//! It protects: one registration, an e-mail that never changes (uniqueness itself is a claim taken with the first event), sign-in
//! only after the address was proved, tokens that exist from the start but do nothing until activated, and a record of every look
//! the staff takes at the account.
//!
//! **Where the password hash lives.** The argon2id hash is inside the events (`account.registered`, `account.password_changed`),
//! encrypted under the installation's key ([`recado_event_store::Vault::protect`]). So the log alone rebuilds everything, sign-in
//! reads the aggregate and can never see a stale password, and a leaked log holds neither passwords nor hashes anyone could attack.
//! Names, e-mails and documents are sealed under the subject "owner" of the account, equality works over keyed digests.

mod command;
mod erasure;
mod error;
mod event;
mod member;
pub mod policy;
mod state;
#[cfg(test)]
mod tests;

pub use command::{AccountCommand, NewToken, Registration};
pub use erasure::{Erasure, ErasureReport, SubjectErased, SubjectKind};
pub use error::AccountError;
pub use event::{AccountEvent, PasswordChange};
pub use member::{AccountToken, IpList, Member};
pub use policy::Role;
pub use state::Account;
