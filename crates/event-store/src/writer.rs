//! Group commit: appends that wait at the same time share one transaction (event-sourcing.md 4: 3 to 12 times faster).

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};
use uuid::Uuid;

use crate::append::{Append, Appended, Promise, Refusal, append_all, key, last_sequence};
use crate::wake::Wake;
use crate::{AppendError, Position, StoreError, limits};

const LARGEST_GROUP: usize = 256;
/// So many commands of one group may turn out to be repeats or losers before the rest is stored one by one.
const MOST_CULPRITS: usize = 8;
/// An append that may have been stored before the connection broke is repeated this long (its command id makes the repeat harmless):
/// telling a caller "no" about something stored would make it come twice.
const RESOLVE_FOR: Duration = Duration::from_secs(20);
/// One that was certainly not stored is repeated only over a hiccup.
const HICCUP: Duration = Duration::from_secs(2);
/// A server that does not even refuse is not there (a pool waits no longer either).
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Longer than the statement's own limit: then the connection is dead and nobody has said so.
const ANSWER_WITHIN: Duration = Duration::from_secs(45);
/// A group waits no longer than this for a row that somebody holds: then its members are stored beside it, each for itself, and only
/// those that need the row wait for it ([`limits::EVERYDAY`]).
const GROUP_LOCK: Duration = Duration::from_secs(2);
/// So many members of such groups are stored at once: each takes a connection of its own.
const MOST_BESIDE: usize = 4;
/// A writer keeps its connection between groups, and closes it when nothing came for so long.
const KEEP_CONNECTION: Duration = Duration::from_secs(30);

type Answer = oneshot::Sender<Result<Appended, AppendError>>;

pub(crate) struct Request {
    append: Append,
    answer: Answer,
}

/// Hands appends to the writer tasks.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    requests: mpsc::Sender<Request>,
}

impl Writer {
    pub(crate) fn start(pool: PgPool, wake: Wake, tasks: usize) -> Self {
        let (requests, incoming) = mpsc::channel(4_096);
        let incoming = Arc::new(Mutex::new(incoming));
        let beside = Arc::new(Semaphore::new(MOST_BESIDE));
        for _ in 0..tasks {
            let connection = Connection { pool: pool.clone(), held: None, lock: GROUP_LOCK };
            tokio::spawn(run(connection, wake.clone(), beside.clone(), incoming.clone()));
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

/// A writer's own connection: taking one from the pool and giving it back costs two round trips. It keeps the plans of its statements:
/// PostgreSQL would otherwise plan anew for every group, because it believes it knows better once it sees the arrays.
struct Connection {
    pool: PgPool,
    held: Option<PgConnection>,
    /// How long its statements wait for a row.
    lock: Duration,
}

impl Connection {
    async fn take(&mut self) -> Result<PgConnection, StoreError> {
        if let Some(connection) = self.held.take() {
            return Ok(connection);
        }
        if self.pool.is_closed() {
            return Err(sqlx::Error::PoolClosed.into());
        }
        let connecting = async {
            let limits = limits::Limits { lock: self.lock, ..limits::EVERYDAY };
            let mut connection = limits::session(&self.pool, limits).await?;
            sqlx::query("SET plan_cache_mode = force_generic_plan").execute(&mut connection).await?;
            Ok(connection)
        };
        let late = || StoreError::Unavailable("it did not take a connection in time".into());
        tokio::time::timeout(CONNECT_WITHIN, connecting).await.unwrap_or_else(|_| Err(late()))
    }
}

type Incoming = Arc<Mutex<mpsc::Receiver<Request>>>;

async fn run(mut connection: Connection, wake: Wake, beside: Arc<Semaphore>, incoming: Incoming) {
    while let Some(group) = next_group(&mut connection, &incoming).await {
        for (append, answer) in store_group(&mut connection, &wake, group).await {
            let connection = Connection { pool: connection.pool.clone(), held: None, lock: limits::EVERYDAY.lock };
            tokio::spawn(store_beside(connection, wake.clone(), beside.clone(), append, answer));
        }
    }
}

/// Stores a member of a group that met a held row, on a connection of its own: the writer goes on.
async fn store_beside(mut connection: Connection, wake: Wake, beside: Arc<Semaphore>, append: Append, answer: Answer) {
    // Never closed: a permit always comes.
    let _permit = beside.acquire().await;
    let stored = send(answer, &append, store_alone(&mut connection, &append).await);
    wake.stored(1, stored);
}

/// Whatever waits, at least one; `None` when nobody can ask any more.
async fn next_group(connection: &mut Connection, incoming: &Incoming) -> Option<Vec<Request>> {
    let mut incoming = match connection.held {
        None => incoming.lock().await,
        Some(_) => match tokio::time::timeout(KEEP_CONNECTION, incoming.lock()).await {
            Ok(incoming) => incoming,
            Err(_) => {
                connection.held = None;
                incoming.lock().await
            }
        },
    };
    let first = match connection.held {
        None => incoming.recv().await,
        Some(_) => match tokio::time::timeout(KEEP_CONNECTION, incoming.recv()).await {
            Ok(first) => first,
            Err(_) => {
                connection.held = None;
                incoming.recv().await
            }
        },
    };
    let mut group = vec![first?];
    // Callers that were answered together come back together, one by one: whoever is on the way gets the chance to arrive.
    let mut waiting = incoming.len();
    loop {
        tokio::task::yield_now().await;
        if incoming.len() == waiting {
            break;
        }
        waiting = incoming.len();
    }
    while group.len() < LARGEST_GROUP
        && let Ok(next) = incoming.try_recv()
    {
        group.push(next);
    }
    Some(group)
}

/// Stores the group, answers everybody and wakes readers: first for those who were stored together, then for the stragglers. Returns
/// whom it could not store because somebody holds a row that one of them needs.
async fn store_group(connection: &mut Connection, wake: &Wake, group: Vec<Request>) -> Vec<(Append, Answer)> {
    let (mut appends, mut answers): (Vec<Append>, Vec<_>) =
        group.into_iter().map(|request| (request.append, request.answer)).unzip();
    // The statement tells commands apart by their ids: of two with the same id the second waits until the first is stored.
    let (mut alone, mut seen) = (Vec::new(), HashSet::new());
    let mut n = 0;
    while n < appends.len() {
        if seen.insert(key(&appends[n])) {
            n += 1;
        } else {
            alone.push((appends.remove(n), answers.remove(n)));
        }
    }
    let outcome = loop {
        match store_through_outage(connection, Promise::AllNew, &appends).await {
            // A repeat, or the loser of a race: alone it gets its own answer, and the others need not suffer for it.
            Err(refusal @ Refusal::Taken { .. }) if alone.len() < MOST_CULPRITS && appends.len() > 1 => {
                let Some(culprit) = refusal.culprit(&appends) else { break Err(refusal) };
                alone.push((appends.remove(culprit), answers.remove(culprit)));
            }
            outcome => break outcome,
        }
    };
    let (mut together, mut stored, mut locked) = (appends.len(), 0, Vec::new());
    match outcome {
        Ok(positions) => {
            for ((append, answer), position) in appends.iter().zip(answers).zip(positions) {
                stored += send(answer, append, stored_or_known(&connection.pool, append, position).await);
            }
        }
        Err(Refusal::Store(error @ StoreError::Unavailable(_))) => {
            for (append, answer) in appends.iter().zip(answers) {
                send(answer, append, Err(AppendError::Store(error.clone())));
            }
        }
        Err(Refusal::Locked(_)) => {
            together = 0;
            locked.extend(appends.into_iter().zip(answers));
        }
        Err(_) => alone.extend(appends.into_iter().zip(answers)),
    }
    if together > 0 {
        wake.stored(together, stored);
    }
    for (append, answer) in alone {
        match store_through_outage(connection, Promise::None, std::slice::from_ref(&append)).await {
            Err(Refusal::Locked(_)) => locked.push((append, answer)),
            outcome => {
                let stored = send(answer, &append, answer_alone(&connection.pool, &append, outcome).await);
                wake.stored(1, stored);
            }
        }
    }
    locked
}

/// Answers, and says how many events were stored. A caller that went away does not need its answer; what was stored stays stored.
fn send(answer: Answer, append: &Append, outcome: Result<Appended, AppendError>) -> usize {
    let stored = if matches!(&outcome, Ok(done) if !done.replayed) { append.events.len() } else { 0 };
    drop(answer.send(outcome));
    stored
}

/// Repeats the group while the database is away, longer when an earlier try may have been stored: then it may no longer be believed new.
async fn store_through_outage(
    connection: &mut Connection,
    mut promise: Promise,
    appends: &[Append],
) -> Result<Vec<Option<Position>>, Refusal> {
    let started = tokio::time::Instant::now();
    let mut pause = Duration::from_millis(50);
    let mut patience = HICCUP;
    loop {
        let tried = match connection.take().await {
            Err(error) => Err(Refusal::Store(error)),
            Ok(mut taken) => {
                let late = || Refusal::Store(StoreError::Unavailable("it did not answer in time".into()));
                let tried = tokio::time::timeout(ANSWER_WITHIN, append_all(&mut taken, promise, appends)).await;
                let tried = tried.unwrap_or_else(|_| Err(late()));
                match tried {
                    Err(Refusal::Store(StoreError::Unavailable(_))) => (promise, patience) = (Promise::None, RESOLVE_FOR),
                    // Only a connection that answered is kept.
                    Ok(_) | Err(Refusal::Taken { .. } | Refusal::Locked(_)) => connection.held = Some(taken),
                    Err(Refusal::Store(_)) => {}
                }
                tried
            }
        };
        match tried {
            Err(Refusal::Store(StoreError::Unavailable(_))) if started.elapsed() < patience => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(1));
            }
            // A deadlock has a loser once; whoever waited a lock's whole limit has waited enough.
            Err(Refusal::Locked(_)) if appends.len() == 1 && started.elapsed() < patience => {}
            tried => return tried,
        }
    }
}

async fn store_alone(connection: &mut Connection, append: &Append) -> Result<Appended, AppendError> {
    let outcome = store_through_outage(connection, Promise::None, std::slice::from_ref(append)).await;
    answer_alone(&connection.pool, append, outcome).await
}

async fn answer_alone(
    pool: &PgPool,
    append: &Append,
    outcome: Result<Vec<Option<Position>>, Refusal>,
) -> Result<Appended, AppendError> {
    stored_or_known(pool, append, outcome?.into_iter().next().flatten()).await
}

async fn stored_or_known(pool: &PgPool, append: &Append, stored: Option<Position>) -> Result<Appended, AppendError> {
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
