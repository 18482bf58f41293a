//! How work stands, topic by topic.

use recado_kernel::Timestamp;
use serde::Serialize;
use sqlx::PgPool;

use crate::StoreError;

/// One topic's work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct TopicStatus {
    /// Which handler.
    pub topic: String,
    /// Living work, due or not, in open lanes or not.
    pub waiting: i64,
    /// Open lanes whose next work is due: each holds at most one piece that could be done now.
    pub due: i64,
    /// Of these, lanes that have been due for more than a minute while nobody held them: nobody does this topic's work, or it falls behind.
    pub overdue: i64,
    /// Lanes somebody holds at this moment.
    pub leased: i64,
    /// Given up.
    pub dead: i64,
}

/// Every topic that has any work, lane or dead letter, at `now` by the application clock.
///
/// # Errors
/// The database.
pub async fn topics(pool: &PgPool, now: Timestamp) -> Result<Vec<TopicStatus>, StoreError> {
    Ok(sqlx::query_as(
        "WITH living AS (SELECT topic, count(*) AS n FROM work WHERE dead_at IS NULL GROUP BY topic),
              dead AS (SELECT topic, count(*) AS n FROM work WHERE dead_at IS NOT NULL GROUP BY topic),
              lane AS (SELECT topic,
                              count(*) FILTER (WHERE open AND NOT paused AND due_at <= $1) AS due,
                              count(*) FILTER (WHERE open AND NOT paused AND due_at <= $1 - interval '1 minute' AND (leased_until IS NULL OR leased_until < clock_timestamp())) AS overdue,
                              count(*) FILTER (WHERE leased_until >= clock_timestamp()) AS leased
                         FROM work_lane GROUP BY topic)
         SELECT topic, COALESCE(living.n, 0) AS waiting, COALESCE(lane.due, 0) AS due, COALESCE(lane.overdue, 0) AS overdue,
                COALESCE(lane.leased, 0) AS leased, COALESCE(dead.n, 0) AS dead
           FROM living FULL JOIN lane USING (topic) FULL JOIN dead USING (topic) ORDER BY topic",
    )
    .bind(now)
    .fetch_all(pool)
    .await?)
}

/// How much living work each topic has, for tests.
///
/// # Errors
/// The database.
pub async fn counts(pool: &PgPool) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(sqlx::query_as("SELECT topic, count(*) FROM work WHERE dead_at IS NULL GROUP BY topic ORDER BY topic")
        .fetch_all(pool)
        .await?)
}
