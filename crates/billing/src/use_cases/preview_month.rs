//! What a month costs as of now: the same code as the closing, storing nothing.

use std::collections::BTreeMap;

use recado_event_store::{Position, reader};
use recado_kernel::{AccountId, Competencia, InvoiceId, Money};

use super::account_month::{AccountMonth, Known};
use crate::projections::{facts, invoices, months};
use crate::rules::LocalMonth;
use crate::{Billing, BillingError};

/// Accounts read at once.
pub(crate) const CHUNK: usize = 64;

impl Billing {
    /// Every account's month; closed ones as they were decided. The running month is allowed.
    ///
    /// # Errors
    /// [`BillingError::MonthNotBegun`], a plan without price, or the database.
    pub async fn preview_month(&self, competencia: Competencia) -> Result<Vec<AccountMonth>, BillingError> {
        let month = LocalMonth::new(competencia, self.settings.system.tz);
        let now = self.platform.now();
        if now < month.start {
            return Err(BillingError::MonthNotBegun(competencia));
        }
        self.catch_up().await?;
        let pool = self.platform.pool();
        let accounts: Vec<AccountId> = facts::accounts(pool, month.end).await?.into_iter().map(|(account, _)| account).collect();
        let mut closings = months::closings(pool, competencia, None).await?;
        let numbers = self.numbers_of(competencia).await?;
        let mut found = vec![];
        for chunk in accounts.chunks(CHUNK) {
            let mut known = self.known(chunk).await?;
            for account in chunk {
                found.push(match closings.remove(account) {
                    Some(closing) => {
                        let number = closing.invoice.and_then(|id| numbers.get(&id).cloned());
                        AccountMonth::closed(closing, number)
                    }
                    None => known.remove(account).unwrap_or_default().preview(*account, competencia, &self.settings, now)?,
                });
            }
        }
        Ok(found)
    }

    /// The account's running month, as if nothing changed until its end: "até agora R$ X".
    ///
    /// # Errors
    /// A plan without price, or the database.
    pub async fn forecast(&self, account: AccountId) -> Result<AccountMonth, BillingError> {
        self.catch_up().await?;
        let now = self.platform.now();
        let month = LocalMonth::containing(now, self.settings.system.tz);
        let known = self.known(&[account]).await?.remove(&account).unwrap_or_default();
        Ok(known.preview(account, month.competencia, &self.settings, now)?)
    }

    /// Credit the account holds: it pays for the next invoice.
    ///
    /// # Errors
    /// The database.
    pub async fn credit_balance(&self, account: AccountId) -> Result<Money, BillingError> {
        self.catch_up().await?;
        Ok(self.known(&[account]).await?.remove(&account).map_or(Money::ZERO, |known| known.ledger.credit_balance()))
    }

    /// Everything known about these accounts, at one place in the log.
    pub(crate) async fn known(&self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Known>, BillingError> {
        let pool = self.platform.pool();
        let as_of: Position = reader::checkpoint(pool, facts::NAME).await?.unwrap_or_default();
        let mut instances = facts::facts(pool, accounts, as_of).await?;
        let mut ledgers = months::ledgers(pool, accounts).await?;
        let mut credits = invoices::granted(pool, accounts, as_of).await?;
        let known = |account: &AccountId| {
            let mut ledger = ledgers.remove(account).unwrap_or_default();
            for credit in credits.remove(account).unwrap_or_default() {
                // What a closing knew is in its balance.
                if ledger.last_as_of().is_none_or(|closed| credit.at > closed) {
                    ledger.grant(credit.amount);
                }
            }
            Known { instances: instances.remove(account).unwrap_or_default(), ledger, as_of }
        };
        let known: Vec<Known> = accounts.iter().map(known).collect();
        Ok(accounts.iter().copied().zip(known).collect())
    }

    /// Numbers of the month's invoices.
    pub(crate) async fn numbers_of(&self, competencia: Competencia) -> Result<BTreeMap<InvoiceId, String>, BillingError> {
        let filter = invoices::Filter { account: None, competencia: Some(competencia), id: None };
        let issued = invoices::invoices(self.platform.pool(), filter).await?;
        Ok(issued.into_iter().map(|invoice| (invoice.summary.id, invoice.summary.number)).collect())
    }
}
