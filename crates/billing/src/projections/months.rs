//! billing_months@1: the closings (table `view_billing_month`).

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use recado_event_store::{Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, Actor, Competencia, Money, Timestamp};
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::{poison, unreadable};
use crate::domain::account_month::{AccountMonthEvent, MonthClosed};
use crate::rules::{ClosedMonth, Ledger};

/// The projection.
#[derive(Debug)]
pub struct BillingMonths;

/// Where a month stands (billing.md 6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthState {
    /// Em curso: it still runs; figures are a preview.
    Running,
    /// A fechar: it is over and some account is not closed.
    ToClose,
    /// Fechado: every account is closed.
    Closed,
}

/// One month for the finance desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthOverview {
    /// Which month.
    pub competencia: Competencia,
    /// Where it stands.
    pub state: MonthState,
    /// Accounts that had an instance.
    pub accounts: u32,
    /// How many of them are closed.
    pub closed_accounts: u32,
    /// Instances charged.
    pub instances: u32,
    /// Invoices issued so far.
    pub invoices: u32,
    /// To be paid: decided for closed accounts, a preview for the others. Carried amounts do not count.
    pub total: Money,
    /// Last closing.
    pub closed_at: Option<Timestamp>,
    /// Who made it, e.g. `staff:…`.
    pub closed_by: Option<String>,
}

#[async_trait]
impl Projection for BillingMonths {
    fn name(&self) -> &'static str {
        "billing_months@1"
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["account_month.closed"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_billing_month"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for event in batch {
            let AccountMonthEvent::Closed(closed) = event.decode().map_err(|error| poison(event, error))?;
            let state = serde_json::to_value(closed.statement.state).map_err(|error| poison(event, error))?;
            sqlx::query(
                "INSERT INTO view_billing_month (account_id, competencia, revision, ordinal, invoice_id, instances, total, state,
                                                 closed_at, closed_by, closing)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                 ON CONFLICT (account_id, competencia, revision) DO NOTHING",
            )
            .bind(event.account_id.as_uuid())
            .bind(closed.statement.competencia.to_string())
            .bind(i32::try_from(closed.revision).unwrap_or(i32::MAX))
            .bind(i32::try_from(closed.ordinal).unwrap_or(i32::MAX))
            .bind(closed.invoice.map(|id| id.as_uuid()))
            .bind(i32::try_from(closed.statement.instances).unwrap_or(i32::MAX))
            .bind(closed.statement.total.as_decimal())
            .bind(state.as_str())
            .bind(closed.closed_at)
            .bind(event.actor.to_string())
            .bind(Json(&closed))
            .execute(&mut *db)
            .await?;
        }
        Ok(())
    }
}

/// The accounts' closings in the order they were made.
pub(crate) async fn ledgers(pool: &PgPool, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, Ledger>, StoreError> {
    let rows: Vec<(Uuid, Json<MonthClosed>)> = sqlx::query_as(
        "SELECT account_id, closing FROM view_billing_month WHERE account_id = ANY ($1) ORDER BY account_id, ordinal",
    )
    .bind(accounts.iter().map(AccountId::as_uuid).collect::<Vec<_>>())
    .fetch_all(pool)
    .await?;
    let mut ledgers: BTreeMap<AccountId, Ledger> = BTreeMap::new();
    for (account, Json(closed)) in rows {
        let MonthClosed { statement, settings: frozen, as_of, .. } = closed;
        ledgers.entry(AccountId::from_uuid(account)).or_default().record(ClosedMonth { statement, frozen, as_of });
    }
    Ok(ledgers)
}

/// The closings of one month, by account; only the given accounts when there is a list.
pub(crate) async fn closings(
    pool: &PgPool,
    competencia: Competencia,
    only: Option<AccountId>,
) -> Result<BTreeMap<AccountId, MonthClosed>, StoreError> {
    let rows: Vec<(Uuid, Json<MonthClosed>)> = sqlx::query_as(
        "SELECT account_id, closing FROM view_billing_month
          WHERE competencia = $1 AND ($2::uuid IS NULL OR account_id = $2)
          ORDER BY account_id, revision",
    )
    .bind(competencia.to_string())
    .bind(only.map(|account| account.as_uuid()))
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(account, Json(closed))| (AccountId::from_uuid(account), closed)).collect())
}

/// Which account's months are closed already.
pub(crate) async fn closed_pairs(pool: &PgPool) -> Result<BTreeSet<(AccountId, Competencia)>, StoreError> {
    let rows: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT DISTINCT account_id, competencia FROM view_billing_month").fetch_all(pool).await?;
    rows.into_iter().map(|(account, month)| Ok((AccountId::from_uuid(account), month.parse().map_err(unreadable)?))).collect()
}

/// What is closed of each month.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ClosedTotals {
    pub(crate) accounts: u32,
    pub(crate) instances: u32,
    pub(crate) invoices: u32,
    pub(crate) total: Money,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) closed_by: Option<String>,
}

type TotalsRow = (String, i64, i64, i64, Option<Decimal>, Timestamp, String);

/// Totals of all closed accounts, by month.
pub(crate) async fn closed_totals(pool: &PgPool) -> Result<BTreeMap<Competencia, ClosedTotals>, StoreError> {
    let rows: Vec<TotalsRow> = sqlx::query_as(
        "SELECT competencia, count(DISTINCT account_id), sum(instances), count(invoice_id), sum(total) FILTER (WHERE state = 'issued'),
                max(closed_at), (array_agg(closed_by ORDER BY closed_at DESC, ordinal DESC))[1]
           FROM view_billing_month GROUP BY competencia",
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|(competencia, accounts, instances, invoices, total, closed_at, closed_by)| {
            let whole = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
            let closed_by: Actor = closed_by.parse().map_err(unreadable)?;
            let totals = ClosedTotals {
                accounts: whole(accounts),
                instances: whole(instances),
                invoices: whole(invoices),
                total: Money::try_from_decimal(total.unwrap_or_default()).map_err(unreadable)?,
                closed_at: Some(closed_at),
                closed_by: Some(closed_by.to_string()),
            };
            Ok((competencia.parse().map_err(unreadable)?, totals))
        })
        .collect()
}
