//! Table `sim_call`.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, PhoneNumber, Timestamp};
use sqlx::PgConnection;
use uuid::Uuid;

/// A call that ended just now.
pub(crate) struct Ended {
    pub account: AccountId,
    pub caller: PhoneNumber,
    pub video: bool,
}

/// It rings.
pub(crate) async fn insert(
    db: &mut PgConnection,
    account: AccountId,
    instance: InstanceId,
    call: &str,
    caller: &PhoneNumber,
    video: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sim_call (call_id, account_id, instance_id, caller, is_video, rang_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(call)
    .bind(account.as_uuid())
    .bind(instance.as_uuid())
    .bind(caller.as_str())
    .bind(video)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// It ends. `None`: it had ended, or there is none.
pub(crate) async fn end(
    db: &mut PgConnection,
    instance: InstanceId,
    call: &str,
    rejected: bool,
    now: Timestamp,
) -> Result<Option<Ended>, StoreError> {
    let row: Option<(Uuid, String, bool)> = sqlx::query_as(
        "UPDATE sim_call SET ended_at = $4, is_rejected = $3 WHERE instance_id = $1 AND call_id = $2 AND ended_at IS NULL
         RETURNING account_id, caller, is_video",
    )
    .bind(instance.as_uuid())
    .bind(call)
    .bind(rejected)
    .bind(now)
    .fetch_optional(db)
    .await?;
    row.map(|(account, caller, video)| {
        let caller = caller.parse().map_err(|_| StoreError::Unreadable("sim_call.caller".to_owned()))?;
        Ok(Ended { account: AccountId::from_uuid(account), caller, video })
    })
    .transpose()
}
