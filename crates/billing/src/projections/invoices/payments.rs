//! What lowered an invoice, for the pages that show it.

use chrono::NaiveDate;
use recado_event_store::StoreError;
use recado_kernel::{AccountId, InvoiceId, Money, Timestamp};
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::{PgPool, Row as _};

use crate::projections::unreadable;

/// By money or by agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoweringKind {
    /// Money came in.
    Payment,
    /// A credit note.
    CreditNote,
}

impl LoweringKind {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::CreditNote => "credit_note",
        }
    }
}

/// One payment or credit note of an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lowering {
    /// Which of the two.
    pub kind: LoweringKind,
    /// The payment's or the note's own name.
    pub reference: String,
    /// How the money came.
    pub method: Option<String>,
    /// The payer's date, or the note's.
    pub on: NaiveDate,
    /// All of it.
    pub amount: Money,
    /// What of it went to the account's credit.
    pub credit: Money,
    /// Why, of credit notes.
    pub reason: Option<String>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub actor: String,
}

/// In the order in which they were recorded.
pub(crate) async fn lowerings(
    pool: &PgPool,
    account: Option<AccountId>,
    invoice: InvoiceId,
) -> Result<Vec<Lowering>, StoreError> {
    let rows = sqlx::query(
        "SELECT kind, reference, method, happened_on, amount, credit, reason, recorded_at, actor FROM view_payment
          WHERE invoice_id = $1 AND ($2::uuid IS NULL OR account_id = $2) ORDER BY sequence",
    )
    .bind(invoice.as_uuid())
    .bind(account.map(|account| account.as_uuid()))
    .fetch_all(pool)
    .await?;
    rows.iter()
        .map(|row| {
            let money = |column: &str| Money::try_from_decimal(row.try_get::<Decimal, _>(column)?).map_err(unreadable);
            let payment = row.try_get::<String, _>("kind")? == LoweringKind::Payment.as_str();
            Ok(Lowering {
                kind: if payment { LoweringKind::Payment } else { LoweringKind::CreditNote },
                reference: row.try_get("reference")?,
                method: row.try_get("method")?,
                on: row.try_get("happened_on")?,
                amount: money("amount")?,
                credit: money("credit")?,
                reason: row.try_get("reason")?,
                recorded_at: row.try_get("recorded_at")?,
                actor: row.try_get("actor")?,
            })
        })
        .collect()
}
