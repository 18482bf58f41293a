//! What the webhook reactor knows of each instance: table `webhook_target`, folded from the instance's events by the reactor itself, so
//! that an event is judged by the configuration that held when it happened.

use std::collections::HashMap;

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, Sealed};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::instance::Webhooks;

/// One instance's webhooks and whether they may be used.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub account: AccountId,
    pub instance: InstanceId,
    pub webhooks: Webhooks,
    pub notify_sent_by_me: bool,
    pub secret_protected: String,
    pub number: Option<Sealed>,
    pub connected: bool,
    pub silenced: bool,
}

type Row = (Uuid, Uuid, serde_json::Value, bool, String, Option<String>, bool, bool);

fn from_row(
    (instance, account, urls, notify_sent_by_me, secret_protected, number, connected, silenced): Row,
) -> Result<Target, StoreError> {
    Ok(Target {
        account: AccountId::from_uuid(account),
        instance: InstanceId::from_uuid(instance),
        webhooks: serde_json::from_value(urls)
            .map_err(|error| StoreError::Unreadable(format!("webhook_target.urls: {error}")))?,
        notify_sent_by_me,
        secret_protected,
        number: number.map(Sealed::from_token),
        connected,
        silenced,
    })
}

/// One instance's row.
pub(crate) async fn find(pool: &PgPool, account: AccountId, instance: InstanceId) -> Result<Option<Target>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT instance_id, account_id, urls, notify_sent_by_me, secret_protected, number_sealed, connected, silenced
           FROM webhook_target WHERE account_id = $1 AND instance_id = $2",
    )
    .bind(account.as_uuid())
    .bind(instance.as_uuid())
    .fetch_optional(pool)
    .await?;
    row.map(from_row).transpose()
}

/// The rows of several instances, by id.
pub(crate) async fn load(db: &mut PgConnection, instances: &[Uuid]) -> Result<HashMap<Uuid, Target>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT instance_id, account_id, urls, notify_sent_by_me, secret_protected, number_sealed, connected, silenced
           FROM webhook_target WHERE instance_id = ANY ($1)",
    )
    .bind(instances)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(|row| Ok((row.0, from_row(row)?))).collect()
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
        "INSERT INTO webhook_target (instance_id, account_id, urls, notify_sent_by_me, secret_protected, number_sealed, connected, silenced)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::jsonb[], $4::boolean[], $5::text[], $6::text[], $7::boolean[], $8::boolean[])
         ON CONFLICT (instance_id) DO UPDATE
            SET urls = excluded.urls, notify_sent_by_me = excluded.notify_sent_by_me, secret_protected = excluded.secret_protected,
                number_sealed = excluded.number_sealed, connected = excluded.connected, silenced = excluded.silenced",
    )
    .bind(targets.iter().map(|t| t.instance.as_uuid()).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.account.as_uuid()).collect::<Vec<_>>())
    .bind(urls)
    .bind(targets.iter().map(|t| t.notify_sent_by_me).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.secret_protected.as_str()).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.number.as_ref().map(Sealed::as_token)).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.connected).collect::<Vec<_>>())
    .bind(targets.iter().map(|t| t.silenced).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}
