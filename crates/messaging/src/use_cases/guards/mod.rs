//! Good practice at work: who may be written to, how many new contacts a day, when a number may scan.

mod care;
mod check;
mod confirm;
mod hear;
mod opt_out;
mod opt_out_file;
mod qr_rule;
mod rules;

use recado_event_store::Platform;
use recado_kernel::{AccountId, ChatAddress};

pub use care::GuardState;
pub(crate) use confirm::Confirmations;
pub(crate) use hear::Said;
pub use opt_out_file::ImportedList;

/// Keyed digest of a chat as it is written, within its account: what message events carry.
pub(crate) fn chat_digest(platform: &Platform, account: AccountId, chat: &ChatAddress) -> String {
    platform.vault.digest("chat", Some(account), chat.as_str())
}

/// The same for every way the contact is written.
pub(crate) fn chat_digests(platform: &Platform, account: AccountId, chat: &ChatAddress) -> Vec<String> {
    chat.written_forms().iter().map(|form| chat_digest(platform, account, form)).collect()
}
