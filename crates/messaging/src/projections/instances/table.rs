//! Rows of `view_instance`.

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::InstanceView;
use crate::domain::instance::{Connection, ServiceTerms};

/// The views of these instances, for folding.
pub(super) async fn load(db: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<InstanceView>, StoreError> {
    let rows = sqlx::query("SELECT * FROM view_instance WHERE instance_id = ANY ($1)").bind(ids).fetch_all(db).await?;
    rows.iter().map(from_row).collect()
}

/// Writes one view as it stands.
pub(super) async fn store(db: &mut PgConnection, view: &InstanceView) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO view_instance (instance_id, account_id, name, created_at, trial_ends_at, trial_expired, subscription, subscribed_at,
                connection, number, connected_at, disconnected_at, disconnect_reason, webhooks, notify_sent_by_me, settings,
                token_protected, token_digest, sequence, device, suspended, deleted_at, queue_paused)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
         ON CONFLICT (instance_id) DO UPDATE
            SET name = excluded.name, trial_expired = excluded.trial_expired, subscription = excluded.subscription,
                subscribed_at = excluded.subscribed_at, connection = excluded.connection, number = excluded.number,
                connected_at = excluded.connected_at, disconnected_at = excluded.disconnected_at,
                disconnect_reason = excluded.disconnect_reason, webhooks = excluded.webhooks,
                notify_sent_by_me = excluded.notify_sent_by_me, settings = excluded.settings,
                token_protected = excluded.token_protected, token_digest = excluded.token_digest, sequence = excluded.sequence,
                device = excluded.device, suspended = excluded.suspended, deleted_at = excluded.deleted_at,
                queue_paused = excluded.queue_paused",
    )
    .bind(view.id.as_uuid())
    .bind(view.account.as_uuid())
    .bind(&view.name)
    .bind(view.created_at)
    .bind(view.terms.trial_ends_at)
    .bind(view.terms.trial_expired)
    .bind(Json(&view.terms.subscription))
    .bind(view.subscribed_at)
    .bind(view.connection.as_str())
    .bind(view.number.as_ref().map(|number| number.as_str().to_owned()))
    .bind(view.connected_at)
    .bind(view.disconnected_at)
    .bind(&view.disconnect_reason)
    .bind(Json(&view.webhooks))
    .bind(view.notify_sent_by_me)
    .bind(Json(&view.settings))
    .bind(&view.token_protected)
    .bind(&view.token_digest)
    .bind(view.sequence)
    .bind(Json(&view.device))
    .bind(view.terms.suspended)
    .bind(view.deleted_at)
    .bind(view.queue_paused)
    .execute(db)
    .await?;
    Ok(())
}

/// Reads a row of `SELECT *`.
pub(super) fn from_row(row: &PgRow) -> Result<InstanceView, StoreError> {
    let number: Option<String> = row.try_get("number")?;
    let Json(subscription) = row.try_get("subscription")?;
    let Json(webhooks) = row.try_get("webhooks")?;
    let Json(settings) = row.try_get("settings")?;
    let Json(device) = row.try_get("device")?;
    Ok(InstanceView {
        id: InstanceId::from_uuid(row.try_get("instance_id")?),
        account: AccountId::from_uuid(row.try_get("account_id")?),
        name: row.try_get("name")?,
        created_at: row.try_get("created_at")?,
        terms: ServiceTerms {
            trial_ends_at: row.try_get("trial_ends_at")?,
            trial_expired: row.try_get("trial_expired")?,
            subscription,
            suspended: row.try_get("suspended")?,
        },
        subscribed_at: row.try_get("subscribed_at")?,
        connection: Connection::parse(row.try_get("connection")?),
        number: number.and_then(|number| number.parse().ok()),
        connected_at: row.try_get("connected_at")?,
        disconnected_at: row.try_get("disconnected_at")?,
        disconnect_reason: row.try_get("disconnect_reason")?,
        webhooks,
        notify_sent_by_me: row.try_get("notify_sent_by_me")?,
        settings,
        queue_paused: row.try_get("queue_paused")?,
        token_protected: row.try_get("token_protected")?,
        token_digest: row.try_get("token_digest")?,
        device,
        deleted_at: row.try_get("deleted_at")?,
        sequence: row.try_get("sequence")?,
    })
}
