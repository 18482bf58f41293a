//! Table `sim_phone`.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, PhoneNumber, Timestamp};
use sqlx::{PgConnection, PgPool};

/// Makes the phone exist.
pub(crate) async fn ensure(
    db: &mut PgConnection,
    number: &PhoneNumber,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO sim_phone (number, account_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (number) DO NOTHING")
        .bind(number.as_str())
        .bind(account.map(|account| account.as_uuid()))
        .bind(now)
        .execute(db)
        .await?;
    Ok(())
}

/// Is it on? One that does not exist is not.
pub(crate) async fn is_on(pool: &PgPool, number: &PhoneNumber) -> Result<bool, StoreError> {
    let on: Option<bool> =
        sqlx::query_scalar("SELECT is_on FROM sim_phone WHERE number = $1").bind(number.as_str()).fetch_optional(pool).await?;
    Ok(on.unwrap_or(false))
}

/// Switches it on or off.
pub(crate) async fn switch(pool: &PgPool, number: &PhoneNumber, on: bool) -> Result<(), StoreError> {
    sqlx::query("UPDATE sim_phone SET is_on = $2 WHERE number = $1").bind(number.as_str()).bind(on).execute(pool).await?;
    Ok(())
}
