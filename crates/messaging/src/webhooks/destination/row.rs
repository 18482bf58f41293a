//! Table `webhook_destination`: the circuits that are not well. Each change is one short transaction; none is open during a call.

use recado_event_store::StoreError;
use recado_kernel::Timestamp;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row as _};

use super::Destination;
use super::breaker::{Breaker, Open, Permit};

pub(super) fn from_row(row: &PgRow) -> Result<Breaker, StoreError> {
    let count = |name: &str| Ok::<_, StoreError>(u32::try_from(row.try_get::<i32, _>(name)?).unwrap_or_default());
    let opened: Option<(Timestamp, Timestamp)> =
        row.try_get::<Option<Timestamp>, _>("open_since")?.zip(row.try_get::<Option<Timestamp>, _>("retry_at")?);
    let open = match opened {
        None => None,
        Some((since, retry_at)) => {
            Some(Open { since, retry_at, rounds: count("rounds")?, probe_until: row.try_get("probe_until")? })
        }
    };
    Ok(Breaker { failures: count("failures")?, open })
}

/// The circuit as it stands; well when there is no row.
pub(crate) async fn find(pool: &PgPool, of: &Destination) -> Result<Breaker, StoreError> {
    let row = sqlx::query(
        "SELECT failures, open_since, rounds, retry_at, probe_until FROM webhook_destination WHERE account_id = $1 AND origin = $2",
    )
    .bind(of.account.as_uuid())
    .bind(&of.origin)
    .fetch_optional(pool)
    .await?;
    row.as_ref().map(from_row).transpose().map(Option::unwrap_or_default)
}

/// Asks for a call. Nothing is written unless the answer is a probe, which only one process gets.
pub(crate) async fn ask(pool: &PgPool, of: &Destination, now: Timestamp) -> Result<(Permit, Breaker), StoreError> {
    let seen = find(pool, of).await?;
    let permit = seen.clone().ask(now);
    if permit != Permit::Probe {
        return Ok((permit, seen));
    }
    change(pool, of, |breaker| breaker.ask(now)).await
}

/// Changes the circuit under its row lock and answers with what the change said.
pub(crate) async fn change<T>(
    pool: &PgPool,
    of: &Destination,
    change: impl FnOnce(&mut Breaker) -> T,
) -> Result<(T, Breaker), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("INSERT INTO webhook_destination (account_id, origin) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(of.account.as_uuid())
        .bind(&of.origin)
        .execute(&mut *transaction)
        .await?;
    let row = sqlx::query(
        "SELECT failures, open_since, rounds, retry_at, probe_until FROM webhook_destination
          WHERE account_id = $1 AND origin = $2 FOR UPDATE",
    )
    .bind(of.account.as_uuid())
    .bind(&of.origin)
    .fetch_optional(&mut *transaction)
    .await?;
    // Between the two somebody else may have found it well.
    let mut breaker = row.as_ref().map(from_row).transpose()?.unwrap_or_default();
    let said = change(&mut breaker);
    store(&mut transaction, of, &breaker).await?;
    transaction.commit().await?;
    Ok((said, breaker))
}

async fn store(db: &mut PgConnection, of: &Destination, breaker: &Breaker) -> Result<(), StoreError> {
    if breaker.is_well() {
        sqlx::query("DELETE FROM webhook_destination WHERE account_id = $1 AND origin = $2")
            .bind(of.account.as_uuid())
            .bind(&of.origin)
            .execute(db)
            .await?;
        return Ok(());
    }
    let open = breaker.open.as_ref();
    sqlx::query(
        "INSERT INTO webhook_destination (account_id, origin, failures, open_since, rounds, retry_at, probe_until)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (account_id, origin) DO UPDATE
            SET failures = excluded.failures, open_since = excluded.open_since, rounds = excluded.rounds,
                retry_at = excluded.retry_at, probe_until = excluded.probe_until",
    )
    .bind(of.account.as_uuid())
    .bind(&of.origin)
    .bind(i32::try_from(breaker.failures).unwrap_or(i32::MAX))
    .bind(open.map(|open| open.since))
    .bind(open.map_or(0, |open| i32::try_from(open.rounds).unwrap_or(i32::MAX)))
    .bind(open.map(|open| open.retry_at))
    .bind(open.and_then(|open| open.probe_until))
    .execute(db)
    .await?;
    Ok(())
}
