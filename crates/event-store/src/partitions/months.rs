//! Making months ahead of time. Every process may try at any moment; one of them does it.

use std::time::Duration;

use recado_kernel::Timestamp;
use sqlx::{PgConnection, PgPool};

use super::{Month, first_id, month_at, month_of_id};
use crate::{StoreError, limits};

/// How many months beyond the running one are made.
pub const MONTHS_AHEAD: usize = 3;

/// A lock that is not had in this time is asked for again later: whoever waits for it makes appends wait as well.
pub(crate) const LOCK_FOR: Duration = Duration::from_millis(500);
const ATTEMPTS: u32 = 5;
/// Serialises the processes that make months or archive them.
pub(crate) const STRUCTURE_LOCK: i64 = 0x7265_6361_646f_0001;

/// How far months are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ahead {
    /// The first month that has no partition of its own yet.
    pub next: Month,
    /// Whole months from the running one (which counts) up to it; 0: the running month has none.
    pub months: usize,
}

/// How far months are made, seen from `now`.
///
/// # Errors
/// The database.
pub async fn ahead(pool: &PgPool, now: Timestamp) -> Result<Ahead, StoreError> {
    let mut db = pool.acquire().await?;
    let next = next_month(&mut db).await?;
    let mut months = 0;
    let mut month = month_at(now);
    while month < next {
        months += 1;
        month = month.next();
    }
    Ok(Ahead { next, months })
}

/// The months that have a partition, oldest first.
///
/// # Errors
/// The database.
pub async fn months(pool: &PgPool) -> Result<Vec<Month>, StoreError> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = 'events_message'::regclass ORDER BY c.relname",
    )
    .fetch_all(pool)
    .await?;
    Ok(names.iter().filter_map(|name| name.strip_prefix("events_message_")?.replace('_', "-").parse().ok()).collect())
}

/// Makes the running month and the next [`MONTHS_AHEAD`], as far as they are missing; returns those it made. What was stored for them
/// meanwhile is moved. Appends wait for milliseconds at most; when the locks cannot be had, because somebody reads the log in one long
/// transaction, it gives up and may be called again: until then everything is stored in the partition for later months.
///
/// # Errors
/// The database; [`StoreError::Unavailable`] when the locks could not be had.
pub async fn ensure(pool: &PgPool, now: Timestamp) -> Result<Vec<Month>, StoreError> {
    let current = month_at(now);
    let last = (0..MONTHS_AHEAD).fold(current, |month, _| month.next());
    let mut made = vec![];
    loop {
        let next = next_month(&mut *pool.acquire().await?).await?;
        if next > last {
            return Ok(made);
        }
        // A new installation has no use for a partition per month since the beginning of time.
        let (table, until) = if next < current && months(pool).await?.is_empty() {
            ("events_message_earlier".to_owned(), current)
        } else {
            (table_of(next), next.next())
        };
        let mut attempt = 0;
        loop {
            match split(pool, &table, next, until).await {
                Ok(done) => {
                    made.extend((done && until == next.next()).then_some(next));
                    break;
                }
                Err(error) if error.is_unavailable() && attempt + 1 < ATTEMPTS => {
                    attempt += 1;
                    tracing::debug!(table, attempt, %error, "a month is not made yet");
                    tokio::time::sleep(LOCK_FOR * attempt).await;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// The name of a month's partition.
pub(crate) fn table_of(month: Month) -> String {
    format!("events_message_{:04}_{:02}", month.year(), month.month())
}

/// The bounds of a partition of `events_message`.
pub(crate) async fn child_bounds(db: &mut PgConnection, table: &str) -> Result<(String, String), StoreError> {
    let bounds: Option<String> = sqlx::query_scalar(
        "SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
          WHERE i.inhparent = 'events_message'::regclass AND c.relname = $1",
    )
    .bind(table)
    .fetch_optional(db)
    .await?
    .flatten();
    // FOR VALUES FROM ('01a22ee6-b000') TO ('03bb2cc3-d800')
    let bounds = bounds.unwrap_or_default();
    let mut quoted = bounds.split('\'').skip(1).step_by(2);
    match (quoted.next(), quoted.next()) {
        (Some(from), Some(to)) => Ok((from.to_owned(), to.to_owned())),
        _ => Err(StoreError::Unreadable(format!("the partition {table} of events_message is missing or has no range: {bounds}"))),
    }
}

const AHEAD: &str = "events_message_ahead";

async fn next_month(db: &mut PgConnection) -> Result<Month, StoreError> {
    let (from, _) = child_bounds(db, AHEAD).await?;
    month_of_id(&from).ok_or_else(|| StoreError::Unreadable(format!("{AHEAD} begins at {from}, which is no month")))
}

/// Cuts `[from, until)` off the partition for later months. `false`: another process did.
async fn split(pool: &PgPool, table: &str, from: Month, until: Month) -> Result<bool, StoreError> {
    let mut transaction = pool.begin().await?;
    limits::within(&mut transaction, limits::Limits { lock: LOCK_FOR, ..limits::LONG }).await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(STRUCTURE_LOCK).execute(&mut *transaction).await?;
    let (lower, upper) = child_bounds(&mut transaction, AHEAD).await?;
    let (first, end) = (first_id(from), first_id(until));
    if lower != first {
        return Ok(false);
    }
    for statement in [
        format!("ALTER TABLE events_message DETACH PARTITION {AHEAD}"),
        format!("CREATE TABLE {table} PARTITION OF events_message FOR VALUES FROM ('{first}') TO ('{end}')"),
        format!(
            "WITH moved AS (DELETE FROM {AHEAD} WHERE aggregate_type = 'message' AND aggregate_id >= '{first}' AND aggregate_id < '{end}'
                            RETURNING *)
             INSERT INTO {table} SELECT * FROM moved"
        ),
        format!("ALTER TABLE events_message ATTACH PARTITION {AHEAD} FOR VALUES FROM ('{end}') TO ('{upper}')"),
    ] {
        sqlx::query(&statement).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    tracing::info!(table, "partition of message events made");
    Ok(true)
}
