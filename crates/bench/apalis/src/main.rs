//! Jobs that do nothing on apalis-postgres: added one by one by many callers, then a backlog worked off.
//! `recado-bench-apalis URL CALLERS MILLISECONDS BACKLOG`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use apalis::prelude::*;
use apalis_postgres::*;

type Failure = Box<dyn std::error::Error + Send + Sync>;

static DONE: AtomicUsize = AtomicUsize::new(0);

async fn nothing(_job: u64) -> Result<(), BoxDynError> {
    DONE.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, callers, span, backlog] = arguments.as_slice() else { return Err("URL CALLERS MILLISECONDS BACKLOG".into()) };
    let (callers, span, backlog) = (callers.parse::<usize>()?, Duration::from_millis(span.parse()?), backlog.parse::<usize>()?);
    let pool = PgPool::connect(url).await?;
    PostgresStorage::setup(&pool).await?;
    let config = Config::default().queue("job").batch_size(256);
    let storage = || PostgresStorage::<u64>::new(&pool).with_config(config.clone());

    let over = Arc::new(AtomicBool::new(false));
    let begin = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|_| {
            let (mut storage, over) = (storage(), over.clone());
            tokio::spawn(async move {
                let mut added = 0_u64;
                while !over.load(Ordering::Relaxed) {
                    storage.push(added).await.map_err(|error| format!("{error:?}"))?;
                    added += 1;
                }
                Ok::<_, Failure>(added)
            })
        })
        .collect();
    tokio::time::sleep(span).await;
    over.store(true, Ordering::Relaxed);
    let mut added = 0;
    for task in tasks {
        added += task.await??;
    }
    let in_per_second = added as f64 / begin.elapsed().as_secs_f64();

    // The backlog: exactly so many, in batches.
    run(&pool, "DELETE FROM apalis.jobs").await?;
    let mut filler = storage();
    for first in (0..backlog as u64).step_by(1_000) {
        let jobs: Vec<u64> = (first..(first + 1_000).min(backlog as u64)).collect();
        let mut jobs = futures::stream::iter(jobs.into_iter().map(Task::new));
        filler.push_all(&mut jobs).await.map_err(|error| format!("{error:?}"))?;
    }
    run(&pool, "VACUUM ANALYZE apalis.jobs").await?;
    let begin = Instant::now();
    let worker = WorkerBuilder::new("bench").backend(storage()).concurrency(64).build(nothing);
    let running = tokio::spawn(async move { drop(worker.run().await) });
    while DONE.load(Ordering::Relaxed) < backlog {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let done_per_second = backlog as f64 / begin.elapsed().as_secs_f64();
    running.abort();
    println!("{{\"in_per_second\": {in_per_second:.1}, \"done_per_second\": {done_per_second:.1}}}");
    Ok(())
}

async fn run(pool: &PgPool, statement: &'static str) -> Result<(), Failure> {
    sqlx::raw_sql(statement).execute(pool).await?;
    Ok(())
}
