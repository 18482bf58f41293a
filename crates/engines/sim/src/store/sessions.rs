//! Table `sim_session`.

use std::collections::HashSet;

use recado_event_store::{Platform, StoreError};
use recado_kernel::{AccountId, InstanceId, PhoneNumber, Timestamp};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::SimError;
use crate::session::{Session, State};

const SECRET_PURPOSE: &str = "sim-session";

type Row = (Uuid, Uuid, String, String, Option<String>, Option<Timestamp>, i64);

fn from_row(platform: &Platform, row: Row) -> Result<Session, StoreError> {
    let (instance, account, secret, state, phone, since, generation) = row;
    let phone: Option<PhoneNumber> = phone.and_then(|phone| phone.parse().ok());
    let state = match (state.as_str(), phone, since) {
        ("pairing", ..) => State::Pairing,
        ("online", Some(phone), Some(since)) => State::Linked { phone, since, online: true },
        ("offline", Some(phone), Some(since)) => State::Linked { phone, since, online: false },
        _ => State::Idle,
    };
    Ok(Session {
        instance: InstanceId::from_uuid(instance),
        account: AccountId::from_uuid(account),
        secret: platform.vault.reveal(SECRET_PURPOSE, &secret)?,
        state,
        generation,
    })
}

/// The session of an instance.
pub(crate) async fn find(platform: &Platform, instance: InstanceId) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT instance_id, account_id, secret_protected, state, phone, linked_at, generation FROM sim_session WHERE instance_id = $1",
    )
    .bind(instance.as_uuid())
    .fetch_optional(platform.pool())
    .await?;
    row.map(|row| from_row(platform, row)).transpose()
}

/// Which of these sessions are online.
pub(crate) async fn online(platform: &Platform, instances: &[InstanceId]) -> Result<HashSet<InstanceId>, StoreError> {
    let ids: Vec<Uuid> = instances.iter().map(|instance| instance.as_uuid()).collect();
    let online: Vec<Uuid> =
        sqlx::query_scalar("SELECT instance_id FROM sim_session WHERE instance_id = ANY ($1) AND state = 'online'")
            .bind(ids)
            .fetch_all(platform.pool())
            .await?;
    Ok(online.into_iter().map(InstanceId::from_uuid).collect())
}

/// The session a phone is linked to.
pub(crate) async fn find_by_phone(platform: &Platform, phone: &PhoneNumber) -> Result<Option<Session>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT instance_id, account_id, secret_protected, state, phone, linked_at, generation FROM sim_session WHERE phone = $1",
    )
    .bind(phone.as_str())
    .fetch_optional(platform.pool())
    .await?;
    row.map(|row| from_row(platform, row)).transpose()
}

/// Sessions that show a code.
pub(crate) async fn pairing(platform: &Platform) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT instance_id, account_id, secret_protected, state, phone, linked_at, generation FROM sim_session WHERE state = 'pairing' LIMIT 10000",
    )
    .fetch_all(platform.pool())
    .await?;
    rows.into_iter().map(|row| from_row(platform, row)).collect()
}

/// Stores `session`, which follows generation - 1.
pub(crate) async fn store(platform: &Platform, db: &mut PgConnection, session: &Session) -> Result<(), SimError> {
    let secret = platform.vault.protect(SECRET_PURPOSE, &session.secret)?;
    let (state, phone, since) = match &session.state {
        State::Idle => ("idle", None, None),
        State::Pairing => ("pairing", None, None),
        State::Linked { phone, since, online } => {
            (if *online { "online" } else { "offline" }, Some(phone.as_str()), Some(*since))
        }
    };
    let stored = sqlx::query(
        "INSERT INTO sim_session AS s (instance_id, account_id, secret_protected, state, phone, linked_at, generation)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (instance_id) DO UPDATE
            SET secret_protected = excluded.secret_protected, state = excluded.state, phone = excluded.phone,
                linked_at = excluded.linked_at, generation = excluded.generation
          WHERE s.generation = excluded.generation - 1",
    )
    .bind(session.instance.as_uuid())
    .bind(session.account.as_uuid())
    .bind(secret)
    .bind(state)
    .bind(phone)
    .bind(since)
    .bind(session.generation)
    .execute(db)
    .await;
    match stored {
        Ok(done) if done.rows_affected() == 1 => Ok(()),
        Ok(_) => Err(SimError::Busy),
        Err(error) if error.as_database_error().is_some_and(|inner| inner.is_unique_violation()) => Err(SimError::NumberInUse),
        Err(error) => Err(error.into()),
    }
}
