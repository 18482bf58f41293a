//! What the outside may ask: one file per request (or per pair that belongs together), each with its typed errors.

pub mod account_tokens;
pub mod change_password;
pub mod change_profile;
pub mod create_staff;
pub mod create_verified_account;
pub mod erase_subject;
pub mod ip_list;
pub mod links;
pub mod register;
mod registration;
pub mod sessions;
pub mod sign_in;
pub mod support;
pub mod sweep;

use recado_event_store::{Position, StoreError};

use crate::Accounts;
use crate::projections::accounts::ACCOUNT_LIST;
use crate::projections::users::USER_LIST;

/// Stable name of the database's troubles, for translations and for the HTTP status (503 or 500).
const fn store_code(error: &StoreError) -> &'static str {
    if error.is_unavailable() { "unavailable" } else { "internal" }
}

/// How long a use case waits for the read model that the next page shows. Longer only means that the page is a moment behind.
const READ_YOUR_WRITE: std::time::Duration = std::time::Duration::from_millis(1_000);

impl Accounts {
    /// Waits until the read models of accounts and people know what stands at `position`.
    async fn seen(&self, position: Position) {
        let log = &self.platform.log;
        tokio::join!(log.wait_for(ACCOUNT_LIST, position, READ_YOUR_WRITE), log.wait_for(USER_LIST, position, READ_YOUR_WRITE));
    }
}
