//! The limit: hand-written batches into our event table, with nothing else: no command id, no outbox, no decision, no conflict.

use super::sample::{SampleEvent, account, fresh};
use super::{Cell, Kind};
use crate::support::{Bench, Figure, Spent, closed_loop};

/// As many rows in flight as the cell has tasks, on two connections; figures are events. `None` for existing aggregates: there is no such
/// thing without deciding.
pub async fn run(bench: &Bench, cell: Cell) -> anyhow::Result<Option<Figure>> {
    let connections = cell.tasks.clamp(1, 2);
    if cell.kind == Kind::Existing || cell.projected {
        return Ok(None);
    }
    batches(bench, cell, connections, cell.tasks / connections).await.map(Some)
}

/// `connections` writers, each with transactions of `rows` events; figures are events per second.
pub async fn batches(bench: &Bench, cell: Cell, connections: usize, rows: usize) -> anyhow::Result<Figure> {
    let database = bench.ours().await?;
    let pool = bench.pool(&database, u32::try_from(connections)?).await?;
    let payload = serde_json::to_string(&SampleEvent::numbered(1))?;
    let writers = pool.clone();
    let figure = closed_loop(bench, connections, cell.span, move |task, n| {
        let (pool, payload) = (writers.clone(), payload.clone());
        async move {
            let ids: Vec<String> = (0..rows).map(|row| fresh(task, n * 1_000 + row as u64).to_string()).collect();
            sqlx::query(
                "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                                     command_id, correlation_id, occurred_at)
                 SELECT $1, 'sample', id, 1, 'sample.recorded', '1', payload::jsonb, 'system:bench', 'job', gen_random_uuid(),
                        gen_random_uuid(), now()
                   FROM unnest($2::text[], $3::text[]) AS e(id, payload)",
            )
            .bind(account(task).as_uuid())
            .bind(&ids)
            .bind(vec![payload; rows])
            .execute(&pool)
            .await?;
            Ok(())
        }
    })
    .await?;
    pool.close().await;
    bench.drop_database(&database).await?;
    let (rows_each, cpu) = (rows as f64, figure.cpu);
    let cpu = Spent { client_us: cpu.client_us / rows_each, postgres_us: cpu.postgres_us / rows_each, ..Spent::default() };
    Ok(Figure { per_second: figure.per_second * rows_each, count: figure.count * rows as u64, cpu, ..figure })
}
