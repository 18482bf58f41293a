//! Table `sim_notice`.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, Timestamp};
use recado_messaging::engine::Notice;
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};

/// One notice that waits for its session.
pub(crate) struct Waiting {
    pub seq: i64,
    pub key: String,
    pub at: Timestamp,
    pub notice: Notice,
}

/// Stores a notice once per (session, key).
pub(crate) async fn insert(
    db: &mut PgConnection,
    account: AccountId,
    instance: InstanceId,
    key: &str,
    at: Timestamp,
    notice: &Notice,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sim_notice (account_id, instance_id, key, at, notice) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (instance_id, key) DO NOTHING",
    )
    .bind(account.as_uuid())
    .bind(instance.as_uuid())
    .bind(key)
    .bind(at)
    .bind(Json(notice))
    .execute(db)
    .await?;
    Ok(())
}

/// What a session has not been told, oldest first.
pub(crate) async fn waiting(pool: &PgPool, instance: InstanceId) -> Result<Vec<Waiting>, StoreError> {
    let rows: Vec<(i64, String, Timestamp, Json<Notice>)> =
        sqlx::query_as("SELECT seq, key, at, notice FROM sim_notice WHERE instance_id = $1 ORDER BY seq LIMIT 200")
            .bind(instance.as_uuid())
            .fetch_all(pool)
            .await?;
    Ok(rows.into_iter().map(|(seq, key, at, Json(notice))| Waiting { seq, key, at, notice }).collect())
}

/// It was told.
pub(crate) async fn told(pool: &PgPool, seq: i64) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sim_notice WHERE seq = $1").bind(seq).execute(pool).await?;
    Ok(())
}
