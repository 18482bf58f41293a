//! `recado log repair`: after a logical dump was restored.

use std::time::Duration;

use recado_event_store::limits;
use recado_event_store::repair::{RepairError, Repaired, clock, repair};
use serde_json::json;

use super::print;
use crate::installation::{Ground, Place};
use crate::problem::Problem;

/// How long connections that were just closed may take to disappear.
const CLOSING: Duration = Duration::from_secs(3);

/// The event log itself.
#[derive(Debug, clap::Subcommand)]
pub enum Log {
    /// Make a log that was restored from a dump (pg_dump) usable again. Every server must be stopped. Changes no stored event.
    Repair {
        /// Do it; without this only say what is wrong.
        #[arg(long)]
        yes: bool,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Log {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let Self::Repair { yes, json } = self;
        let ground = Ground::open(place).await?;
        // The pool's own connections would look like a server's.
        ground.pool.close().await;
        let done = mend(&ground, yes).await;
        ground.close().await;
        match done? {
            Repaired::NotNeeded(clock) => {
                print(
                    &json!({"repaired": false, "newest": clock.newest, "cluster": clock.cluster, "offset": clock.offset}),
                    json,
                );
            }
            Repaired::Forward(clock) => {
                print(&json!({"repaired": true, "newest": clock.newest, "cluster": clock.cluster, "offset": clock.offset}), json);
            }
        }
        Ok(())
    }
}

async fn mend(ground: &Ground, yes: bool) -> anyhow::Result<Repaired> {
    let mut db = limits::session(&ground.pool, limits::EVERYDAY).await?;
    if !yes {
        let found = clock(&mut db).await?;
        if found.is_sound() {
            return Ok(Repaired::NotNeeded(found));
        }
        return Err(Problem::new(format!(
            "the log holds transaction {}, this cluster is only at {}: stop every server and add --yes to put its clock forward",
            found.newest,
            found.horizon()
        ))
        .into());
    }
    let begun = tokio::time::Instant::now();
    loop {
        match repair(&mut db).await {
            Err(RepairError::InUse(_)) if begun.elapsed() < CLOSING => tokio::time::sleep(Duration::from_millis(100)).await,
            Err(error @ RepairError::InUse(_)) => return Err(Problem::new(error.to_string()).into()),
            other => return Ok(other?),
        }
    }
}
