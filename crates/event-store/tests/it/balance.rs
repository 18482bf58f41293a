//! A read model that shows every event folded twice or left out: it adds up, row by row.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use recado_event_store::{CommandBus, Projection, ProjectionError, RecordedEvent};
use recado_testkit::TestPlatform;
use sqlx::{PgConnection, PgPool};

use crate::counter::{Counter, CounterCommand, meta};

/// `view_balance`: the sum and the number of events of each counter.
#[derive(Clone)]
pub struct Balance {
    pub lanes: u16,
    /// An amount it cannot digest.
    pub poison: Arc<AtomicI64>,
}

impl Balance {
    pub fn new() -> Self {
        Self { lanes: 1, poison: Arc::new(AtomicI64::new(i64::MIN)) }
    }

    pub fn with_lanes(lanes: u16) -> Arc<dyn Projection> {
        Arc::new(Self { lanes, ..Self::new() })
    }
}

pub const NAME: &str = "balance@1";

#[async_trait]
impl Projection for Balance {
    fn name(&self) -> &'static str {
        NAME
    }
    fn event_types(&self) -> &'static [&'static str] {
        &["counter.added"]
    }
    fn tables(&self) -> &'static [&'static str] {
        &["view_balance"]
    }
    fn lanes(&self) -> u16 {
        self.lanes
    }
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let mut sums: BTreeMap<&str, (i64, i64, i64)> = BTreeMap::new();
        for event in batch {
            let by = event.payload["by"].as_i64().unwrap_or_default();
            if by == self.poison.load(Ordering::Relaxed) {
                return Err(ProjectionError::Poison { position: event.position.position, reason: "bad omen".into() });
            }
            let sum = sums.entry(&event.aggregate_id).or_default();
            assert!(event.sequence > sum.2, "order within an aggregate");
            *sum = (sum.0 + by, sum.1 + 1, event.sequence);
        }
        sqlx::query(
            "INSERT INTO view_balance AS v (counter, sum, events, last)
             SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
             ON CONFLICT (counter) DO UPDATE SET sum = v.sum + excluded.sum, events = v.events + excluded.events, last = excluded.last
              WHERE v.last < excluded.last",
        )
        .bind(sums.keys().copied().collect::<Vec<_>>())
        .bind(sums.values().map(|sum| sum.0).collect::<Vec<_>>())
        .bind(sums.values().map(|sum| sum.1).collect::<Vec<_>>())
        .bind(sums.values().map(|sum| sum.2).collect::<Vec<_>>())
        .execute(db)
        .await?;
        Ok(())
    }
}

/// With everything a shadow must have as well: a key, a partial unique index, a check, a default, an identity, storage options, a grant.
pub async fn create_table(pool: &PgPool) {
    sqlx::raw_sql(
        "CREATE TABLE view_balance (
             counter text   PRIMARY KEY,
             sum     bigint NOT NULL,
             events  bigint NOT NULL CHECK (events > 0),
             last    bigint NOT NULL DEFAULT 0,
             seq     bigint GENERATED ALWAYS AS IDENTITY,
             big     boolean GENERATED ALWAYS AS (sum > 1000) STORED
         ) WITH (fillfactor = 80);
         CREATE UNIQUE INDEX view_balance_odd ON view_balance (lower(counter), seq) WHERE sum > 3;
         COMMENT ON COLUMN view_balance.sum IS 'what it adds up to';
         GRANT SELECT ON view_balance TO PUBLIC",
    )
    .execute(pool)
    .await
    .unwrap();
}

/// `n` events on `counters` counters; the amounts are 1, 2, 3 ….
pub async fn add_events(t: &TestPlatform, n: i64, counters: i64) {
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    for by in 1..=n {
        bus.execute(&format!("c{}", by % counters), CounterCommand::Add(by), meta(&t.platform)).await.unwrap();
    }
}

/// Events straight into the table, for tests that need many.
pub async fn many_events(pool: &PgPool, n: i64, counters: i64) {
    sqlx::query(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door, command_id, correlation_id, occurred_at)
         SELECT '00000000-0000-0000-0000-00000000acc0', 'counter', 'm' || i % $2, i / $2 + 1, 'counter.added', '1',
                jsonb_build_object('type', 'counter.added', 'by', i), 'system:test', 'job', gen_random_uuid(), gen_random_uuid(), now()
           FROM generate_series(0, $1 - 1) AS i",
    )
    .bind(n)
    .bind(counters)
    .execute(pool)
    .await
    .unwrap();
}

/// What the view must hold, computed from the log.
pub async fn expected(pool: &PgPool) -> Vec<(String, i64, i64)> {
    sqlx::query_as(
        "SELECT aggregate_id, sum((payload ->> 'by')::bigint)::bigint, count(*) FROM events WHERE event_type = 'counter.added'
          GROUP BY aggregate_id ORDER BY aggregate_id",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

pub async fn shown(pool: &PgPool) -> Vec<(String, i64, i64)> {
    sqlx::query_as("SELECT counter, sum, events FROM view_balance ORDER BY counter").fetch_all(pool).await.unwrap()
}
