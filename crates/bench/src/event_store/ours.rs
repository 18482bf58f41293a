//! Recado's command bus: command id, event and one outbox row a command, group commit.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use chrono::Utc;
use recado_event_store::{
    Alongside, CommandBus, EventLog, NewWork, Position, Projection, ProjectionError, Projector, RecordedEvent,
};
use serde_json::json;
use sqlx::{PgConnection, PgPool};
use tokio::sync::{Mutex, watch};

use super::sample::{EXISTING, Record, Sample, account, existing, existing_id, fresh, meta};
use super::{Cell, Kind};
use crate::support::{Bench, Figure, closed_loop};

const OUTBOX_LANES: usize = 64;

/// Name of [`Totals`].
pub const TOTALS: &str = "sample_totals@1";

/// The read model: one row an aggregate, as the neighbour's.
pub struct Totals;

#[async_trait]
impl Projection for Totals {
    fn name(&self) -> &'static str {
        TOTALS
    }
    fn tables(&self) -> &'static [&'static str] {
        &["sample_totals"]
    }
    fn event_types(&self) -> &'static [&'static str] {
        &["sample.recorded"]
    }
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let mut folded: std::collections::BTreeMap<&str, (i64, i64)> = std::collections::BTreeMap::new();
        for event in batch {
            let row = folded.entry(event.aggregate_id.as_str()).or_default();
            row.0 += 1;
            row.1 += event.payload["amount"].as_i64().unwrap_or_default();
        }
        let (ids, rows): (Vec<&str>, Vec<(i64, i64)>) = folded.into_iter().unzip();
        let (entries, totals): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
        sqlx::query(
            "INSERT INTO sample_totals AS t (id, entries, total) SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
             ON CONFLICT (id) DO UPDATE SET entries = t.entries + excluded.entries, total = t.total + excluded.total",
        )
        .bind(ids)
        .bind(entries)
        .bind(totals)
        .execute(db)
        .await?;
        Ok(())
    }
}

/// One cell of the table.
pub async fn run(bench: &Bench, cell: Cell) -> anyhow::Result<Figure> {
    let database = bench.ours().await?;
    let pool = bench.pool(&database, 24).await?;
    if cell.kind == Kind::Existing {
        seed(&pool).await?;
    }
    let log = EventLog::start(pool.clone());
    let bus = CommandBus::<Sample>::remembering(log.clone(), if cell.warm { 8_192 } else { 0 });
    if cell.kind == Kind::Existing && cell.warm {
        use_once(&bus).await?;
    }
    let before = Stored::of(&pool).await?;
    let follower = if cell.projected { Some(Follower::start(&pool, &log).await?) } else { None };
    let last = Arc::new(Mutex::new(Position::default()));
    let (seen, begin) = (last.clone(), Instant::now());
    let figure = closed_loop(bench, cell.tasks, cell.span, move |task, n| {
        let (bus, seen) = (bus.clone(), seen.clone());
        async move {
            let command = Record { amount: i64::try_from(n % 100)? };
            let outcome = match cell.kind {
                Kind::Create => {
                    let id = fresh(task, n).to_string();
                    bus.create_with(&id, command, meta(task, n), move |_, _| outbox(task, n)).await?
                }
                Kind::Existing => {
                    let id = existing(cell.tasks, task, n);
                    bus.execute_with(&id, command, meta(task, n), move |_, _| outbox(task, n)).await?
                }
            };
            if cell.projected {
                let mut seen = seen.lock().await;
                *seen = outcome.position.max(*seen);
            }
            Ok(())
        }
    })
    .await?;
    let figure = match follower {
        None => figure,
        Some(follower) => {
            let last = *last.lock().await;
            follower.until(&log, last).await?;
            Figure { per_second: figure.count as f64 / begin.elapsed().as_secs_f64(), ..figure }
        }
    };
    let (after, count) = (Stored::of(&pool).await?, i64::try_from(figure.count)?);
    if after != (Stored { events: before.events + count, commands: before.commands + count, outbox: before.outbox + count }) {
        bail!("{count} commands led from {before:?} to {after:?}");
    }
    pool.close().await;
    bench.drop_database(&database).await?;
    Ok(figure)
}

/// A figure counts only for what is in the tables.
#[derive(Debug, PartialEq, Eq)]
struct Stored {
    events: i64,
    commands: i64,
    outbox: i64,
}

impl Stored {
    async fn of(pool: &PgPool) -> anyhow::Result<Self> {
        let (events, commands, outbox) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM command_log), (SELECT count(*) FROM work)",
        )
        .fetch_one(pool)
        .await?;
        Ok(Self { events, commands, outbox })
    }
}

/// The existing aggregates were used a moment ago.
async fn use_once(bus: &CommandBus<Sample>) -> anyhow::Result<()> {
    let all: Vec<String> = (0..EXISTING).map(existing_id).collect();
    for (first, some) in (0..).step_by(256).zip(all.chunks(256)) {
        let uses = some.iter().enumerate().map(|(n, id)| bus.execute(id, Record { amount: 1 }, meta(300_000, first + n as u64)));
        futures::future::try_join_all(uses).await?;
    }
    Ok(())
}

fn outbox(task: usize, n: u64) -> Alongside {
    let work = NewWork {
        id: fresh(task + 200_000, n),
        topic: "bench".into(),
        lane: format!("destination-{}", task % OUTBOX_LANES),
        account_id: account(task),
        subject: String::new(),
        payload: json!({"url": "https://example.com/webhook", "n": n}),
        due_at: Utc::now(),
        cause: None,
    };
    Alongside { work: vec![work], ..Alongside::default() }
}

/// The existing aggregates, one event each.
pub async fn seed(pool: &PgPool) -> anyhow::Result<()> {
    let ids: Vec<String> = (0..EXISTING).map(existing_id).collect();
    sqlx::query(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                             command_id, correlation_id, occurred_at)
         SELECT $1, 'sample', id, 1, 'sample.recorded', '1', $3, 'system:bench', 'job', gen_random_uuid(), gen_random_uuid(), now()
           FROM unnest($2::text[]) id",
    )
    .bind(account(0).as_uuid())
    .bind(ids)
    .bind(serde_json::to_value(super::sample::SampleEvent::numbered(1))?)
    .execute(pool)
    .await?;
    sqlx::query("ANALYZE events").execute(pool).await?;
    Ok(())
}

/// The table of [`Totals`].
pub async fn totals_table(pool: &PgPool) -> anyhow::Result<()> {
    sqlx::query("CREATE TABLE sample_totals (id text PRIMARY KEY, entries bigint NOT NULL, total bigint NOT NULL)")
        .execute(pool)
        .await?;
    Ok(())
}

/// A projection that follows the log.
struct Follower {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Follower {
    async fn start(pool: &PgPool, log: &EventLog) -> anyhow::Result<Self> {
        totals_table(pool).await?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(Projector::new(log.clone()).with(Arc::new(Totals)).run(stopped));
        Ok(Self { stop, task })
    }

    async fn until(self, log: &EventLog, last: Position) -> anyhow::Result<()> {
        if !log.wait_for(TOTALS, last, Duration::from_secs(120)).await {
            bail!("the projection did not catch up");
        }
        self.stop.send_replace(true);
        self.task.await.context("the projector broke")
    }
}
