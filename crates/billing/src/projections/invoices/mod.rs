//! invoices@1: invoices with their lines, what lowered them, and the credit they gave (tables `view_invoice`, `view_invoice_line`,
//! `view_payment`, `view_account_credit`).

mod credits;
mod fold;
mod payments;

use async_trait::async_trait;
use chrono::NaiveDate;
use recado_event_store::{Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, Competencia, InvoiceId, Money};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool, Row};
use uuid::Uuid;

use super::unreadable;
use crate::domain::invoice::InvoiceState;
use crate::rules::{BillingSettings, LateTerms, Line, Quote, Receivable, Standing};

pub(crate) use credits::granted;
pub(crate) use payments::lowerings;
pub use payments::{Lowering, LoweringKind};

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
    /// 0; grows after a void and reissue.
    pub revision: u32,
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
    /// To be paid, as issued.
    pub total: Money,
    /// What became of it since; `None` when there was nothing to pay.
    #[serde(skip)]
    pub owed: Option<Receivable>,
    /// When the last of it was paid, local.
    pub paid_on: Option<NaiveDate>,
}

impl InvoiceSummary {
    /// What settles it on `on`: zero for everything that is not open.
    #[must_use]
    pub fn quote(&self, on: NaiveDate) -> Quote {
        self.owed.as_ref().filter(|_| self.state.is_open()).map(|owed| owed.quote(on)).unwrap_or_default()
    }

    /// Overdue from 00:00 local of the day after the due date, if anything is owed.
    #[must_use]
    pub fn is_overdue(&self, on: NaiveDate) -> bool {
        self.state.is_open() && self.owed.as_ref().is_some_and(|owed| owed.is_overdue(on))
    }
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
        &["invoice.issued", "invoice.payment_recorded", "invoice.credit_note_issued", "invoice.voided", "invoice.written_off"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_invoice", "view_invoice_line", "view_payment", "view_account_credit"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for event in batch {
            fold::project(event, db).await?;
        }
        Ok(())
    }
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
        "SELECT invoice_id, account_id, competencia, revision, number, state, issued_on, due, instances, subtotal, discount, adjustments,
                carried_in, credit_used, total, late_terms, standing, paid_on
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
    let (total, due): (Money, Option<NaiveDate>) = (money("total")?, row.try_get("due")?);
    let terms: Option<Json<Frozen>> = row.try_get("late_terms")?;
    let standing: Option<Json<Standing>> = row.try_get("standing")?;
    let owed = due.zip(terms).zip(standing).map(|((due, Json(terms)), Json(standing))| terms.receivable(total, due, standing));
    Ok(InvoiceDetail {
        summary: InvoiceSummary {
            id: InvoiceId::from_uuid(row.try_get("invoice_id")?),
            account: AccountId::from_uuid(row.try_get("account_id")?),
            competencia: text("competencia")?.parse().map_err(unreadable)?,
            revision: u32::try_from(row.try_get::<i32, _>("revision")?).unwrap_or_default(),
            number: text("number")?,
            state: text("state")?.parse().map_err(unreadable)?,
            issued_on: row.try_get("issued_on")?,
            due,
            instances: u32::try_from(row.try_get::<i32, _>("instances")?).unwrap_or_default(),
            total,
            owed,
            paid_on: row.try_get("paid_on")?,
        },
        subtotal: money("subtotal")?,
        discount: money("discount")?,
        adjustments: money("adjustments")?,
        carried_in: money("carried_in")?,
        credit_used: money("credit_used")?,
        lines: vec![],
    })
}

/// What of the frozen settings decides about late payment.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Frozen {
    terms: LateTerms,
    tolerance: Money,
}

impl Frozen {
    fn of(settings: &BillingSettings) -> Self {
        Self { terms: LateTerms::from(settings), tolerance: settings.tolerance }
    }

    fn receivable(self, issued: Money, due: NaiveDate, standing: Standing) -> Receivable {
        Receivable::with_terms(issued, due, self.terms, self.tolerance).standing_at(standing)
    }
}
