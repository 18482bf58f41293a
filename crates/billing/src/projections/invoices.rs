//! invoices@1: invoices and their lines (tables `view_invoice`, `view_invoice_line`).

use async_trait::async_trait;
use chrono::NaiveDate;
use recado_event_store::{Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, Competencia, InvoiceId, Money};
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use super::{poison, unreadable};
use crate::domain::invoice::{InvoiceEvent, InvoiceState};
use crate::rules::Line;

/// The projection.
#[derive(Debug)]
pub struct Invoices;

/// An invoice as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceSummary {
    /// Its id.
    pub id: InvoiceId,
    /// Whose.
    pub account: AccountId,
    /// The month it charges.
    pub competencia: Competencia,
    /// `YYYY-NNNNNN`.
    pub number: String,
    /// Where it stands.
    pub state: InvoiceState,
    /// Local date of issue.
    pub issued_on: NaiveDate,
    /// `None` when there is nothing to pay.
    pub due: Option<NaiveDate>,
    /// Instances charged.
    pub instances: u32,
    /// To be paid.
    pub total: Money,
}

/// An invoice with everything printed on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InvoiceDetail {
    /// Head.
    #[serde(flatten)]
    pub summary: InvoiceSummary,
    /// Sum of the instance lines.
    pub subtotal: Money,
    /// Zero or negative.
    pub discount: Money,
    /// Differences of earlier months.
    pub adjustments: Money,
    /// Brought forward.
    pub carried_in: Money,
    /// Credit used; positive.
    pub credit_used: Money,
    /// In printing order; they add up to the total.
    pub lines: Vec<Line>,
}

#[async_trait]
impl Projection for Invoices {
    fn name(&self) -> &'static str {
        "invoices@1"
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["invoice.issued"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_invoice", "view_invoice_line"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for event in batch {
            project_issued(event, db).await?;
        }
        Ok(())
    }
}

async fn project_issued(event: &RecordedEvent, db: &mut PgConnection) -> Result<(), ProjectionError> {
    let InvoiceEvent::Issued(issued) = event.decode().map_err(|error| poison(event, error))?;
    let statement = &issued.statement;
    sqlx::query(
        "INSERT INTO view_invoice (invoice_id, account_id, competencia, revision, number, state, issued_on, issued_at, due, instances,
                                   subtotal, discount, adjustments, carried_in, credit_used, total)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (invoice_id) DO NOTHING",
    )
    .bind(issued.invoice.as_uuid())
    .bind(event.account_id.as_uuid())
    .bind(statement.competencia.to_string())
    .bind(i32::try_from(issued.revision).unwrap_or(i32::MAX))
    .bind(&issued.number)
    .bind(InvoiceState::issued(statement.state).as_str())
    .bind(statement.issued_on)
    .bind(event.occurred_at)
    .bind(statement.due)
    .bind(i32::try_from(statement.instances).unwrap_or(i32::MAX))
    .bind(statement.subtotal.as_decimal())
    .bind(statement.discount.as_decimal())
    .bind(statement.adjustments.as_decimal())
    .bind(statement.carried_in.as_decimal())
    .bind(statement.credit_used.as_decimal())
    .bind(statement.total.as_decimal())
    .execute(&mut *db)
    .await?;
    let lines = &statement.lines;
    sqlx::query(
        "INSERT INTO view_invoice_line (invoice_id, account_id, line_no, line_id, kind, instance_id, reference, amount, line)
         SELECT $1, $2, l.* FROM unnest($3::int[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::numeric[], $9::jsonb[])
             AS l(line_no, line_id, kind, instance_id, reference, amount, line)
         ON CONFLICT DO NOTHING",
    )
    .bind(issued.invoice.as_uuid())
    .bind(event.account_id.as_uuid())
    .bind((1..).take(lines.len()).collect::<Vec<i32>>())
    .bind(lines.iter().map(|line| line.id).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.kind.as_str()).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.instance.map(|id| id.as_uuid())).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.reference.to_string()).collect::<Vec<_>>())
    .bind(lines.iter().map(|line| line.amount.as_decimal()).collect::<Vec<_>>())
    .bind(lines.iter().map(Json).collect::<Vec<_>>())
    .execute(&mut *db)
    .await?;
    Ok(())
}

/// Which invoices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filter {
    pub(crate) account: Option<AccountId>,
    pub(crate) competencia: Option<Competencia>,
    pub(crate) id: Option<InvoiceId>,
}

/// Invoices, newest month first.
pub(crate) async fn invoices(pool: &PgPool, filter: Filter) -> Result<Vec<InvoiceDetail>, StoreError> {
    let rows = sqlx::query(
        "SELECT invoice_id, account_id, competencia, number, state, issued_on, due, instances, subtotal, discount, adjustments,
                carried_in, credit_used, total
           FROM view_invoice
          WHERE ($1::uuid IS NULL OR account_id = $1) AND ($2::text IS NULL OR competencia = $2)
            AND ($3::uuid IS NULL OR invoice_id = $3)
          ORDER BY competencia DESC, number DESC",
    )
    .bind(filter.account.map(|account| account.as_uuid()))
    .bind(filter.competencia.map(|month| month.to_string()))
    .bind(filter.id.map(|id| id.as_uuid()))
    .fetch_all(pool)
    .await?;
    rows.iter().map(head).collect()
}

/// One invoice with its lines.
pub(crate) async fn invoice(
    pool: &PgPool,
    account: Option<AccountId>,
    id: InvoiceId,
) -> Result<Option<InvoiceDetail>, StoreError> {
    let filter = Filter { account, competencia: None, id: Some(id) };
    let Some(mut detail) = invoices(pool, filter).await?.pop() else { return Ok(None) };
    let lines: Vec<Json<Line>> =
        sqlx::query_scalar("SELECT line FROM view_invoice_line WHERE invoice_id = $1 AND account_id = $2 ORDER BY line_no")
            .bind(id.as_uuid())
            .bind(detail.summary.account.as_uuid())
            .fetch_all(pool)
            .await?;
    detail.lines = lines.into_iter().map(|Json(line)| line).collect();
    Ok(Some(detail))
}

/// One line, and whose it is.
pub(crate) async fn line(
    pool: &PgPool,
    account: Option<AccountId>,
    line_id: Uuid,
) -> Result<Option<(AccountId, InvoiceId, Line)>, StoreError> {
    let row: Option<(Uuid, Uuid, Json<Line>)> = sqlx::query_as(
        "SELECT account_id, invoice_id, line FROM view_invoice_line
          WHERE line_id = $1 AND ($2::uuid IS NULL OR account_id = $2)",
    )
    .bind(line_id)
    .bind(account.map(|account| account.as_uuid()))
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|(account, invoice, Json(line))| (AccountId::from_uuid(account), InvoiceId::from_uuid(invoice), line)))
}

fn head(row: &PgRow) -> Result<InvoiceDetail, StoreError> {
    let money = |column: &str| -> Result<Money, StoreError> {
        Money::try_from_decimal(row.try_get::<Decimal, _>(column)?).map_err(unreadable)
    };
    let text = |column: &str| -> Result<String, StoreError> { Ok(row.try_get::<String, _>(column)?) };
    Ok(InvoiceDetail {
        summary: InvoiceSummary {
            id: InvoiceId::from_uuid(row.try_get("invoice_id")?),
            account: AccountId::from_uuid(row.try_get("account_id")?),
            competencia: text("competencia")?.parse().map_err(unreadable)?,
            number: text("number")?,
            state: text("state")?.parse().map_err(unreadable)?,
            issued_on: row.try_get("issued_on")?,
            due: row.try_get("due")?,
            instances: u32::try_from(row.try_get::<i32, _>("instances")?).unwrap_or_default(),
            total: money("total")?,
        },
        subtotal: money("subtotal")?,
        discount: money("discount")?,
        adjustments: money("adjustments")?,
        carried_in: money("carried_in")?,
        credit_used: money("credit_used")?,
        lines: vec![],
    })
}
