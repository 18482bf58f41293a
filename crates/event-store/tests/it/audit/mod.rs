//! The sealed chain on a real log.

mod export;
mod sealing;
mod tampering;

use std::sync::Arc;

use recado_event_store::audit::{AuditKeys, AuditSeal};
use recado_event_store::{CommandBus, Platform, Projection};
use recado_kernel::AccountId;
use recado_testkit::TestPlatform;
use sqlx::PgPool;
use uuid::Uuid;

use crate::counter::{Counter, CounterCommand, account, meta};

pub fn keys(t: &TestPlatform) -> AuditKeys {
    AuditKeys::of(&t.platform.vault)
}

pub fn other_account() -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(0xBEEF))
}

/// `count` events of [`account`], each followed by one of [`other_account`], on a few counters.
pub async fn write(platform: &Platform, count: usize) {
    let bus = CommandBus::<Counter>::new(platform.log.clone());
    for n in 0..count {
        bus.execute(&format!("c{}", n % 3), CounterCommand::Add(1), meta(platform)).await.unwrap();
        let mut theirs = meta(platform);
        theirs.account_id = other_account();
        bus.execute(&format!("theirs{}", n % 2), CounterCommand::Add(1), theirs).await.unwrap();
    }
}

pub async fn seal(t: &TestPlatform) {
    let projection: Arc<dyn Projection> = Arc::new(AuditSeal::new(keys(t)));
    t.catch_up(&[projection]).await;
}

/// Ordinals and stored events side by side, by what the database says.
pub async fn positions(pool: &PgPool) -> Vec<i64> {
    sqlx::query_scalar("SELECT global_position FROM events WHERE account_id = $1 ORDER BY txid, global_position")
        .bind(account().as_uuid())
        .fetch_all(pool)
        .await
        .unwrap()
}
