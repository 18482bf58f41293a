//! Credit given outside of closings.

use std::collections::BTreeMap;

use recado_event_store::{Position, StoreError};
use recado_kernel::{AccountId, Money};
use rust_decimal::Decimal;
use sqlx::PgPool;
use uuid::Uuid;

use crate::projections::unreadable;

/// Credit, and the place in the log where it was given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CreditRow {
    pub(crate) at: Position,
    pub(crate) amount: Money,
}

/// Everything the accounts were given up to `as_of`.
pub(crate) async fn granted(
    pool: &PgPool,
    accounts: &[AccountId],
    as_of: Position,
) -> Result<BTreeMap<AccountId, Vec<CreditRow>>, StoreError> {
    let rows: Vec<(Uuid, i64, i64, Decimal)> = sqlx::query_as(
        "SELECT account_id, txid, position, amount FROM view_account_credit
          WHERE account_id = ANY ($1) AND (txid, position) <= ($2, $3)",
    )
    .bind(accounts.iter().map(AccountId::as_uuid).collect::<Vec<_>>())
    .bind(as_of.txid)
    .bind(as_of.position)
    .fetch_all(pool)
    .await?;
    let mut by_account: BTreeMap<AccountId, Vec<CreditRow>> = BTreeMap::new();
    for (account, txid, position, amount) in rows {
        let amount = Money::try_from_decimal(amount).map_err(unreadable)?;
        let row = CreditRow { at: Position { txid, position }, amount };
        by_account.entry(AccountId::from_uuid(account)).or_default().push(row);
    }
    Ok(by_account)
}
