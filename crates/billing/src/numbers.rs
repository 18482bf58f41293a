//! Invoice numbers, `YYYY-NNNNNN`, without gaps per issuer and year (billing.md 1.8).

use recado_event_store::StoreError;
use recado_kernel::InvoiceId;
use sqlx::PgPool;

/// One issuer per installation for now.
const ISSUER: &str = "default";

/// The invoice's number: reserved on the first call, the same for ever after. Reservations of all processes queue on one lock.
pub(crate) async fn reserve(pool: &PgPool, invoice: InvoiceId, year: i32) -> Result<String, StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(0400, $1)").bind(year).execute(&mut *transaction).await?;
    let (year, seq): (i32, i32) = sqlx::query_as(
        "WITH known AS (
             SELECT year, seq FROM invoice_numbers WHERE invoice_id = $1
         ), fresh AS (
             INSERT INTO invoice_numbers (issuer, year, seq, invoice_id)
             SELECT $2, $3, COALESCE((SELECT max(seq) FROM invoice_numbers WHERE issuer = $2 AND year = $3), 0) + 1, $1
              WHERE NOT EXISTS (SELECT 1 FROM known)
             RETURNING year, seq
         )
         SELECT year, seq FROM known UNION ALL SELECT year, seq FROM fresh",
    )
    .bind(invoice.as_uuid())
    .bind(ISSUER)
    .bind(year)
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(format!("{year:04}-{seq:06}"))
}
