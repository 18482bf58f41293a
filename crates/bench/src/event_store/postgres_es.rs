//! postgres-es 0.5 as shipped: its own pool, its own tables, with no view and with one.

use std::sync::Arc;

use cqrs_es::Query;
use cqrs_es::persist::GenericQuery;
use postgres_es::{PostgresViewRepository, default_postgress_pool, postgres_cqrs};
use sqlx::PgPool;

use super::sample::{EXISTING, Record, Sample, SampleEvent, SampleView, existing, existing_id, fresh};
use super::{Cell, Kind};
use crate::support::{Bench, Figure, closed_loop};

/// What its documentation tells to create.
const SCHEMA: &str = "
CREATE TABLE events (aggregate_type text NOT NULL, aggregate_id text NOT NULL, sequence bigint CHECK (sequence >= 0) NOT NULL,
    event_type text NOT NULL, event_version text NOT NULL, payload json NOT NULL, metadata json NOT NULL,
    PRIMARY KEY (aggregate_type, aggregate_id, sequence));
CREATE TABLE sample_view (view_id text NOT NULL, version bigint CHECK (version >= 0) NOT NULL, payload json NOT NULL, PRIMARY KEY (view_id));";

/// One cell of the table. With `projected` there is one view, kept in the request as its `GenericQuery` does.
pub async fn run(bench: &Bench, cell: Cell) -> anyhow::Result<Figure> {
    let database = bench.theirs(SCHEMA).await?;
    let pool = default_postgress_pool(&bench.url(&database)).await;
    if cell.kind == Kind::Existing {
        seed(&pool).await?;
    }
    let queries: Vec<Box<dyn Query<Sample>>> = if cell.projected {
        let views = Arc::new(PostgresViewRepository::<SampleView, Sample>::new("sample_view", pool.clone()));
        vec![Box::new(GenericQuery::new(views))]
    } else {
        vec![]
    };
    let cqrs = Arc::new(postgres_cqrs::<Sample>(pool.clone(), queries, ()));
    let figure = closed_loop(bench, cell.tasks, cell.span, move |task, n| {
        let cqrs = cqrs.clone();
        async move {
            let id = match cell.kind {
                Kind::Create => fresh(task, n).to_string(),
                Kind::Existing => existing(cell.tasks, task, n),
            };
            cqrs.execute(&id, Record { amount: i64::try_from(n % 100)? }).await?;
            Ok(())
        }
    })
    .await?;
    pool.close().await;
    bench.drop_database(&database).await?;
    Ok(figure)
}

async fn seed(pool: &PgPool) -> anyhow::Result<()> {
    let ids: Vec<String> = (0..EXISTING).map(existing_id).collect();
    sqlx::query(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'sample', id, 1, 'sample.recorded', '1', $2, '{}' FROM unnest($1::text[]) id",
    )
    .bind(ids)
    .bind(serde_json::to_value(SampleEvent::numbered(1))?)
    .execute(pool)
    .await?;
    sqlx::query("ANALYZE events").execute(pool).await?;
    Ok(())
}
