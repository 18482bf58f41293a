//! What the webhook reactor knows of each instance: table `webhook_target`, folded from the instance's events by the reactor itself, so
//! that an event is judged by the configuration that held when it happened.

use std::collections::HashMap;

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, Sealed, Timestamp};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Row as _};
use uuid::Uuid;

use crate::domain::instance::{PreviousSecret, Webhooks};

/// One instance's webhooks and whether they may be used.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub account: AccountId,
    pub instance: InstanceId,
    pub webhooks: Webhooks,
    pub notify_sent_by_me: bool,
    pub secret_protected: String,
    /// The secret before it, while both sign.
    pub previous_secret: Option<PreviousSecret>,
    pub number: Option<Sealed>,
    pub connected: bool,
    pub silenced: bool,
    /// When somebody last read the feed; written by the readers, not folded.
    pub feed_read_at: Option<Timestamp>,
}

pub(super) fn from_row(row: &PgRow) -> Result<Target, StoreError> {
    let until: Option<Timestamp> = row.try_get("previous_secret_until")?;
    let previous: Option<String> = row.try_get("previous_secret_protected")?;
    Ok(Target {
        account: AccountId::from_uuid(row.try_get("account_id")?),
        instance: InstanceId::from_uuid(row.try_get("instance_id")?),
        webhooks: serde_json::from_value(row.try_get("urls")?)
            .map_err(|error| StoreError::Unreadable(format!("webhook_target.urls: {error}")))?,
        notify_sent_by_me: row.try_get("notify_sent_by_me")?,
        secret_protected: row.try_get("secret_protected")?,
        previous_secret: previous.zip(until).map(|(protected, until)| PreviousSecret { protected, until }),
        number: row.try_get::<Option<String>, _>("number_sealed")?.map(Sealed::from_token),
        connected: row.try_get("connected")?,
        silenced: row.try_get("silenced")?,
        feed_read_at: row.try_get("feed_read_at")?,
    })
}

/// One instance's row.
pub(crate) async fn find(pool: &PgPool, account: AccountId, instance: InstanceId) -> Result<Option<Target>, StoreError> {
    let row = sqlx::query("SELECT * FROM webhook_target WHERE account_id = $1 AND instance_id = $2")
        .bind(account.as_uuid())
        .bind(instance.as_uuid())
        .fetch_optional(pool)
        .await?;
    row.as_ref().map(from_row).transpose()
}

/// The rows of several instances, by id.
pub(crate) async fn load(db: &mut PgConnection, instances: &[Uuid]) -> Result<HashMap<Uuid, Target>, StoreError> {
    let rows = sqlx::query("SELECT * FROM webhook_target WHERE instance_id = ANY ($1)").bind(instances).fetch_all(db).await?;
    rows.iter().map(from_row).map(|target| target.map(|target| (target.instance.as_uuid(), target))).collect()
}

/// Somebody reads the feed. Written once an hour at most: it only has to be known to the week.
pub(crate) async fn feed_was_read(pool: &PgPool, target: &Target, now: Timestamp) -> Result<(), StoreError> {
    if target.feed_read_at.is_some_and(|at| now - at < chrono::Duration::hours(1)) {
        return Ok(());
    }
    sqlx::query("UPDATE webhook_target SET feed_read_at = $3 WHERE account_id = $1 AND instance_id = $2")
        .bind(target.account.as_uuid())
        .bind(target.instance.as_uuid())
        .bind(now)
        .execute(pool)
        .await?;
    Ok(())
}

/// Stores rows that changed.
pub(crate) async fn store(db: &mut PgConnection, targets: &[&Target]) -> Result<(), StoreError> {
    if targets.is_empty() {
        return Ok(());
    }
    let urls = targets
        .iter()
        .map(|t| serde_json::to_value(&t.webhooks).map_err(|error| StoreError::Unreadable(error.to_string())))
        .collect::<Result<Vec<_>, _>>()?;
    sqlx::query(
        "INSERT INTO webhook_target (instance_id, account_id, urls, notify_sent_by_me, secret_protected, number_sealed, connected, silenced,
                                     previous_secret_protected, previous_secret_until)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::jsonb[], $4::boolean[], $5::text[], $6::text[], $7::boolean[], $8::boolean[],
                              $9::text[], $10::timestamptz[])
         ON CONFLICT (instance_id) DO UPDATE
            SET urls = excluded.urls, notify_sent_by_me = excluded.notify_sent_by_me, secret_protected = excluded.secret_protected,
                number_sealed = excluded.number_sealed, connected = excluded.connected, silenced = excluded.silenced,
                previous_secret_protected = excluded.previous_secret_protected, previous_secret_until = excluded.previous_secret_until",
    )
    .bind(targets.iter().map(|t| t.instance.as_uuid()).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.account.as_uuid()).collect::<Vec<_>>())
    .bind(urls)
    .bind(targets.iter().map(|t| t.notify_sent_by_me).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.secret_protected.as_str()).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.number.as_ref().map(Sealed::as_token)).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.connected).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.silenced).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.previous_secret.as_ref().map(|previous| previous.protected.as_str())).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.previous_secret.as_ref().map(|previous| previous.until)).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}
