//! `recado archive messages|list|restore`: old months of message events (docs/operations/archive.md).

use std::path::{Path, PathBuf};

use recado_event_store::archive::{self, ArchiveError, Job};
use recado_event_store::audit::AuditKeys;
use recado_event_store::partitions::{Month, first_moment, month_at};
use serde_json::{Value, json};

use super::print;
use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// Old months of message events.
#[derive(Debug, clap::Subcommand)]
pub enum Archive {
    /// Write whole months to files and take them out of the log. Servers may run. Running it again goes on where it was cut off.
    Messages {
        /// Months before this one, YYYY-MM (UTC).
        #[arg(long, value_name = "YYYY-MM")]
        before: String,
        /// Folder for the files.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Also remove the months from the database, once their files are proved. Without it they stay in the schema `archive`.
        #[arg(long)]
        drop: bool,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// What was archived.
    List {
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Put a month back into the log; every event is compared with the sealed chain.
    Restore {
        /// The month's file.
        file: PathBuf,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Archive {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        match self {
            Self::Messages { before, to, drop, json } => messages(place, &before, &to, drop, json).await,
            Self::List { json } => list(place, json).await,
            Self::Restore { file, json } => restore(place, &file, json).await,
        }
    }
}

async fn messages(place: &Place, before: &str, to: &Path, drop: bool, json: bool) -> anyhow::Result<()> {
    let before: Month = before.parse().map_err(|_| Problem::new("--before must be a month like 2026-06"))?;
    let session = Session::open(place).await?;
    let done = archive_before(&session, before, to, drop).await;
    session.close().await?;
    let months = done?;
    if json {
        println!("{}", json!({"before": before.to_string(), "months": months}));
        return Ok(());
    }
    for month in &months {
        print(month, false);
    }
    println!("{} months archived", months.len());
    Ok(())
}

async fn archive_before(session: &Session, before: Month, to: &Path, drop: bool) -> anyhow::Result<Vec<Value>> {
    let platform = &session.contexts.platform;
    let now = platform.now();
    if before > month_at(now) {
        return Err(Problem::new(format!(
            "only months that are over can be archived: --before may be at most {}",
            month_at(now)
        ))
        .into());
    }
    let keys = AuditKeys::of(&platform.vault);
    let job = Job { pool: platform.pool(), keys: &keys, now, folder: to, drop };
    let mut done = vec![];
    for month in archive::candidates(platform.pool(), before).await? {
        let unfinished = session.contexts.messaging.unfinished(first_moment(month), first_moment(month.next())).await?;
        if unfinished != Default::default() {
            return Err(Problem::new(format!(
                "{} messages of {month} are still queued and {} webhook deliveries about it still tried: let them end first",
                unfinished.messages, unfinished.deliveries
            ))
            .into());
        }
        let archived = archive::archive_month(&job, month).await.map_err(problem)?;
        tracing::info!(%month, events = archived.events, "month archived");
        done.push(serde_json::to_value(archived)?);
    }
    Ok(done)
}

async fn list(place: &Place, json: bool) -> anyhow::Result<()> {
    let session = Session::open(place).await?;
    let archived = archive::list(session.contexts.platform.pool()).await;
    session.close().await?;
    let archived = archived?;
    if json {
        println!("{}", json!({"months": archived}));
        return Ok(());
    }
    for one in &archived {
        println!(
            "{}  {:<9}  {} messages, {} events  {}",
            one.month,
            one.state.as_str(),
            one.messages,
            one.events,
            one.file.as_deref().unwrap_or("-")
        );
    }
    println!("{} months", archived.len());
    Ok(())
}

async fn restore(place: &Place, file: &Path, json: bool) -> anyhow::Result<()> {
    let session = Session::open(place).await?;
    let platform = &session.contexts.platform;
    let restored = archive::restore(platform.pool(), &AuditKeys::of(&platform.vault), file).await;
    session.close().await?;
    print(&serde_json::to_value(restored.map_err(problem)?)?, json);
    Ok(())
}

/// What the operator can mend is said, everything else is a defect.
fn problem(error: ArchiveError) -> anyhow::Error {
    match error {
        ArchiveError::Store(error) => error.into(),
        other => Problem::new(other.to_string()).into(),
    }
}
