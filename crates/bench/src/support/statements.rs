//! Where PostgreSQL's time goes, statement by statement (`pg_stat_statements`), when somebody wants to know.

use serde_json::{Value, json};
use sqlx::Row as _;

use super::Bench;

/// So many are shown.
const TOP: i64 = 25;

impl Bench {
    /// Lets the server count statements from now on: it is started anew for that.
    pub async fn load_statistics(&self) -> anyhow::Result<()> {
        self.admin("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'").await?;
        self.cluster.stop_now("fast")?;
        self.cluster.start_again()?;
        // Known only once it is loaded.
        self.admin("ALTER SYSTEM SET pg_stat_statements.track_planning = on").await?;
        self.admin("SELECT pg_reload_conf()").await?;
        self.admin("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").await
    }

    /// Begins to count anew; nothing when nobody counts.
    pub async fn forget_statements(&self, _database: &str) -> anyhow::Result<()> {
        if self.counts_statements().await? {
            self.admin("SELECT pg_stat_statements_reset()").await?;
        }
        Ok(())
    }

    /// The statements on `database` that took longest in sum.
    pub async fn statements(&self, database: &str) -> anyhow::Result<Vec<Value>> {
        if !self.counts_statements().await? {
            return Ok(vec![]);
        }
        let mut admin = self.connect("postgres").await?;
        let rows = sqlx::query(
            "SELECT calls, rows, total_exec_time + total_plan_time AS total, regexp_replace(left(query, 160), '\\s+', ' ', 'g') AS text
               FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1 ORDER BY total DESC LIMIT $2",
        )
        .bind(database)
        .bind(TOP)
        .fetch_all(&mut admin)
        .await?;
        let mut shown = vec![];
        for row in rows {
            let (calls, total): (i64, f64) = (row.try_get("calls")?, row.try_get("total")?);
            let (text, touched): (String, i64) = (row.try_get("text")?, row.try_get("rows")?);
            eprintln!("{total:>9.0} ms {calls:>8} calls {touched:>8} rows  {text}");
            shown.push(json!({"statement": text, "calls": calls, "rows": touched, "total_ms": total.round()}));
        }
        Ok(shown)
    }

    async fn counts_statements(&self) -> anyhow::Result<bool> {
        let mut admin = self.connect("postgres").await?;
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements')")
            .fetch_one(&mut admin)
            .await?)
    }
}
