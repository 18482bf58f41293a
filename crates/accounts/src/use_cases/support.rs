//! The support desk: finding accounts, and writing down that somebody looked.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, Door, StaffId};

use super::store_code;
use crate::domain::account::{AccountCommand, AccountError};
use crate::people::store_error;
use crate::projections::{accounts, staff};
use crate::{AccountRow, Accounts, Forbidden, Principal, StaffPermission};

/// Why the desk gets no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum SupportError {
    /// Not staff, or another role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such account.
    #[error("there is no such account")]
    UnknownAccount,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SupportError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden",
            Self::UnknownAccount => "unknown_account",
            Self::Store(error) => store_code(error),
        }
    }
}

const MOST_HITS: i64 = 50;

impl Accounts {
    /// Accounts by (a part of) e-mail or name, or by id; at most 50. Nothing for fewer than three characters.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub async fn search_accounts(&self, principal: &Principal, text: &str) -> Result<Vec<AccountRow>, SupportError> {
        principal.require_staff(StaffPermission::FindAccounts)?;
        if text.trim().chars().count() < 3 {
            return Ok(vec![]);
        }
        Ok(accounts::search(self.platform.pool(), text, MOST_HITS).await?)
    }

    /// One account, for pages that were already authorised (its own people, the desks, billing).
    ///
    /// # Errors
    /// The database.
    pub async fn account(&self, id: AccountId) -> Result<Option<AccountRow>, StoreError> {
        accounts::find(self.platform.pool(), id).await
    }

    /// Several accounts by id, in no particular order, for lists of other contexts.
    ///
    /// # Errors
    /// The database.
    pub async fn accounts_by_id(&self, ids: &[AccountId]) -> Result<Vec<AccountRow>, StoreError> {
        accounts::find_many(self.platform.pool(), ids).await
    }

    /// E-mail addresses of staff by id, for saying who did something.
    ///
    /// # Errors
    /// The database.
    pub async fn staff_emails(&self, ids: &[StaffId]) -> Result<Vec<(StaffId, String)>, StoreError> {
        staff::emails(self.platform.pool(), ids).await
    }

    /// Writes on the account's own time line that this staff member reads it, or the part of it behind a charge. Call it **before**
    /// showing anything; `what` is a short English name such as "timeline" or "charge".
    ///
    /// # Errors
    /// Not allowed, no such account, or the database: then show nothing.
    pub async fn record_support_read(&self, principal: &Principal, account: AccountId, what: &str) -> Result<(), SupportError> {
        let staff = principal
            .require_staff(StaffPermission::ReadTimeline)
            .or_else(|_| principal.require_staff(StaffPermission::ViewMonths))?;
        let meta = self.platform.meta(account, recado_kernel::Actor::Staff(staff), Door::Panel);
        let command = AccountCommand::RecordSupportView { what: what.to_owned() };
        match self.accounts.execute(&account.to_string(), command, meta).await {
            Ok(_) => Ok(()),
            Err(recado_event_store::CommandError::Refused(AccountError::Unknown)) => Err(SupportError::UnknownAccount),
            Err(error) => Err(store_error(error).into()),
        }
    }
}
