//! Group commit: appends that wait at the same time share one transaction (event-sourcing.md 4: 3 to 12 times faster).

use std::collections::HashSet;
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::append::{Append, Appended, append_all, last_sequence};
use crate::wake::Wake;
use crate::{AppendError, Position, StoreError};

const LARGEST_GROUP: usize = 128;
/// An append that may have been stored before the connection broke is repeated this long (its command id makes the repeat harmless):
/// telling a caller "no" about something stored would make it come twice.
const RESOLVE_FOR: Duration = Duration::from_secs(20);
/// One that was certainly not stored is repeated only over a hiccup.
const HICCUP: Duration = Duration::from_secs(2);

pub(crate) struct Request {
    append: Append,
    answer: oneshot::Sender<Result<Appended, AppendError>>,
}

/// Hands appends to the writer tasks.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    requests: mpsc::Sender<Request>,
}

impl Writer {
    pub(crate) fn start(pool: PgPool, wake: Wake, tasks: usize) -> Self {
        let (requests, incoming) = mpsc::channel(4_096);
        let incoming = std::sync::Arc::new(tokio::sync::Mutex::new(incoming));
        for _ in 0..tasks {
            tokio::spawn(run(pool.clone(), wake.clone(), incoming.clone()));
        }
        Self { requests }
    }

    pub(crate) async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let (answer, outcome) = oneshot::channel();
        let stopped = || AppendError::Store(StoreError::Unavailable("the writer has stopped".into()));
        self.requests.send(Request { append, answer }).await.map_err(|_| stopped())?;
        outcome.await.map_err(|_| stopped())?
    }
}

async fn run(pool: PgPool, wake: Wake, incoming: std::sync::Arc<tokio::sync::Mutex<mpsc::Receiver<Request>>>) {
    loop {
        let group = {
            let mut incoming = incoming.lock().await;
            let Some(first) = incoming.recv().await else { return };
            let mut group = vec![first];
            while group.len() < LARGEST_GROUP
                && let Ok(next) = incoming.try_recv()
            {
                group.push(next);
            }
            group
        };
        let commands = group.len();
        let events = store_group(&pool, group).await;
        wake.stored(commands, events);
    }
}

/// Stores the group, answers everybody, and says how many events were stored.
async fn store_group(pool: &PgPool, group: Vec<Request>) -> usize {
    let (appends, answers): (Vec<Append>, Vec<_>) = group.into_iter().map(|request| (request.append, request.answer)).unzip();
    // The statement tells commands apart by their ids: two of the same id must not share one.
    let ids: HashSet<_> = appends.iter().map(|append| (append.meta.account_id, append.meta.command_id)).collect();
    let together =
        if ids.len() == appends.len() { store_through_outage(pool, &appends).await } else { Err(AppendError::Conflict) };
    let outcomes = match together {
        Ok(positions) => answer_all(pool, &appends, positions).await,
        Err(AppendError::Store(error @ StoreError::Unavailable(_))) => {
            appends.iter().map(|_| Err(AppendError::Store(error.clone()))).collect()
        }
        // One bad apple: alone, each gets its own answer.
        Err(_) => {
            let mut outcomes = Vec::with_capacity(appends.len());
            for append in &appends {
                outcomes.push(store_alone(pool, append).await);
            }
            outcomes
        }
    };
    let mut stored = 0;
    for ((answer, outcome), append) in answers.into_iter().zip(outcomes).zip(&appends) {
        stored += if matches!(&outcome, Ok(done) if !done.replayed) { append.events.len() } else { 0 };
        // A caller that went away does not need its answer; what was stored stays stored.
        drop(answer.send(outcome));
    }
    stored
}

/// Repeats the group while the database is away, longer when an earlier try may have been stored.
async fn store_through_outage(pool: &PgPool, appends: &[Append]) -> Result<Vec<Option<Position>>, AppendError> {
    let started = tokio::time::Instant::now();
    let mut pause = Duration::from_millis(50);
    let mut may_be_stored = false;
    loop {
        let tried = match pool.acquire().await {
            Err(error) => Err(StoreError::from(error).into()),
            Ok(mut connection) => {
                let tried = append_all(&mut connection, appends).await;
                may_be_stored |= matches!(tried, Err(AppendError::Store(StoreError::Unavailable(_))));
                tried
            }
        };
        let patience = if may_be_stored { RESOLVE_FOR } else { HICCUP };
        match tried {
            Err(AppendError::Store(StoreError::Unavailable(_))) if started.elapsed() < patience => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
            tried => return tried,
        }
    }
}

async fn store_alone(pool: &PgPool, append: &Append) -> Result<Appended, AppendError> {
    let positions = store_through_outage(pool, std::slice::from_ref(append)).await?;
    answer(pool, append, positions.into_iter().next().flatten()).await
}

async fn answer_all(pool: &PgPool, appends: &[Append], positions: Vec<Option<Position>>) -> Vec<Result<Appended, AppendError>> {
    let mut outcomes = Vec::with_capacity(appends.len());
    for (append, position) in appends.iter().zip(positions) {
        outcomes.push(answer(pool, append, position).await);
    }
    outcomes
}

async fn answer(pool: &PgPool, append: &Append, stored: Option<Position>) -> Result<Appended, AppendError> {
    match stored {
        Some(position) => Ok(Appended { position, sequence: last_sequence(append), replayed: false }),
        None => earlier_answer(pool, append).await?.ok_or(AppendError::Conflict),
    }
}

/// What the command stored before. Asked again while the database is away: it may well be ours, stored a moment ago.
async fn earlier_answer(pool: &PgPool, append: &Append) -> Result<Option<Appended>, StoreError> {
    let started = tokio::time::Instant::now();
    let (account, command) = (append.meta.account_id.as_uuid(), append.meta.command_id.as_uuid());
    loop {
        match replayed(pool, account, command, append.aggregate_type, &append.aggregate_id).await {
            Err(StoreError::Unavailable(_)) if started.elapsed() < RESOLVE_FOR => {
                tokio::time::sleep(Duration::from_millis(200)).await
            }
            known => return known,
        }
    }
}

/// Was this command id used for another aggregate?
pub(crate) async fn is_used_elsewhere(
    pool: &PgPool,
    account_id: Uuid,
    command_id: Uuid,
    aggregate_type: &str,
    aggregate_id: &str,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM command_log WHERE account_id = $1 AND command_id = $2 AND (aggregate_type, aggregate_id) <> ($3, $4))",
    )
    .bind(account_id)
    .bind(command_id)
    .bind(aggregate_type)
    .bind(aggregate_id)
    .fetch_one(pool)
    .await?)
}

/// What an earlier run of the same command stored, if this command id is known for this aggregate.
pub(crate) async fn replayed(
    pool: &PgPool,
    account_id: Uuid,
    command_id: Uuid,
    aggregate_type: &str,
    aggregate_id: &str,
) -> Result<Option<Appended>, StoreError> {
    let row: Option<(i64, i64, i64)> = sqlx::query_as(
        "SELECT c.last_sequence, COALESCE(e.txid, 0), COALESCE(e.global_position, 0)
           FROM command_log c
           LEFT JOIN events e ON e.aggregate_type = c.aggregate_type AND e.aggregate_id = c.aggregate_id AND e.sequence = c.last_sequence
          WHERE c.account_id = $1 AND c.command_id = $2 AND c.aggregate_type = $3 AND c.aggregate_id = $4",
    )
    .bind(account_id)
    .bind(command_id)
    .bind(aggregate_type)
    .bind(aggregate_id)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|(sequence, txid, position)| Appended { position: Position { txid, position }, sequence, replayed: true }))
}
