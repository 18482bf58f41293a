//! `recado doctor`: is this installation sound?

use recado_event_store::{limits, migrations, partitions};
use sqlx::PgPool;

use crate::config::Settings;
use crate::installation::{Installation, Place};
use crate::problem::Problem;

/// Seconds. Our own transactions last milliseconds, and idle ones are cut after 30 s.
const LONG_TRANSACTION: f64 = 60.0;
/// PostgreSQL stops when it cannot write its log: be warned before.
const LEAST_FREE_MIB: u64 = 1_024;

/// Checks folder, database, schema, key, settings, projections and dead letters; says what it found.
pub async fn run(wanted: &Place) -> anyhow::Result<()> {
    let installation = Installation::open(wanted).await?;
    println!("ok    data folder {}", installation.data.display());
    let pool = installation.platform.pool();
    let version: String = sqlx::query_scalar("SELECT current_setting('server_version')").fetch_one(pool).await?;
    let place = installation
        .postgres_folder()
        .map_or_else(|| "at the database URL".to_owned(), |folder| format!("private, in {}", folder.display()));
    println!("ok    PostgreSQL {version}, {place}");
    let durable: String = sqlx::query_scalar("SELECT current_setting('fsync')").fetch_one(pool).await?;
    let mut sound = durable == "on";
    println!("{} fsync {durable}", if sound { "ok   " } else { "WRONG" });
    let missing = migrations::missing(pool).await?;
    println!(
        "{} schema {}",
        if missing.is_empty() { "ok   " } else { "WRONG" },
        if missing.is_empty() { "up to date".to_owned() } else { format!("lacks the migrations {missing:?}") }
    );
    sound &= missing.is_empty();
    sound &= time_limits(pool).await?;
    sound &= readers_are_free(pool).await?;
    let wal_level: String = sqlx::query_scalar("SELECT current_setting('wal_level')").fetch_one(pool).await?;
    println!("ok    wal_level {wal_level}{}", if wal_level == "minimal" { ": no physical backup while it runs" } else { "" });
    months(pool, installation.platform.now()).await?;
    sound &= disk(&installation).await;
    if installation.platform.vault.rotation_is_unfinished().await? {
        println!(
            "note  a key rotation was not finished: run `recado vault rotate --generate` again, it goes on where it stopped"
        );
    }
    Settings::load(&installation.data)?;
    println!("ok    settings");
    let stopped: Vec<(String, Option<String>)> =
        sqlx::query_as("SELECT name, error FROM projection WHERE status = 'stopped' ORDER BY name").fetch_all(pool).await?;
    for (name, error) in &stopped {
        println!("WRONG projection {name} stopped: {}", error.as_deref().unwrap_or("no reason recorded"));
    }
    let dead: Vec<(String, i64)> =
        sqlx::query_as("SELECT topic, count(*) FROM work WHERE dead_at IS NOT NULL GROUP BY topic ORDER BY topic")
            .fetch_all(pool)
            .await?;
    for (topic, count) in dead {
        println!("note  {count} dead letters of {topic}");
    }
    sound &= stopped.is_empty();
    installation.close().await;
    if sound { Ok(()) } else { Err(Problem::new("this installation needs attention: see the lines marked WRONG").into()) }
}

/// Do our own limits hold? A pooler may swallow them.
async fn time_limits(pool: &PgPool) -> anyhow::Result<bool> {
    let in_force = limits::in_force(&mut *pool.acquire().await?).await?;
    let held = in_force == limits::EVERYDAY;
    println!(
        "{} time limits: statement {} s, idle transaction {} s, lock {} s{}",
        if held { "ok   " } else { "WRONG" },
        in_force.statement.as_secs(),
        in_force.idle_in_transaction.as_secs(),
        in_force.lock.as_secs(),
        if held { "" } else { ": not those that were set; does a pooler share sessions between clients?" }
    );
    Ok(held)
}

/// Open and prepared transactions of any database on the server hold every reader back.
async fn readers_are_free(pool: &PgPool) -> anyhow::Result<bool> {
    let oldest: Option<(f64, i32, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT extract(epoch FROM clock_timestamp() - xact_start)::double precision, pid, datname::text, application_name
           FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 1",
    )
    .fetch_optional(pool)
    .await?;
    let mut free = true;
    match oldest {
        Some((seconds, pid, database, program)) if seconds > LONG_TRANSACTION => {
            free = false;
            println!(
                "WRONG a transaction of {} in {} has been open for {seconds:.0} s and holds every reader back: pid {pid}",
                program.unwrap_or_default(),
                database.unwrap_or_default()
            );
        }
        Some((seconds, ..)) => println!("ok    oldest open transaction {seconds:.1} s"),
        None => println!("ok    no open transaction"),
    }
    let prepared: Vec<(String, f64)> = sqlx::query_as(
        "SELECT gid, extract(epoch FROM clock_timestamp() - prepared)::double precision FROM pg_prepared_xacts ORDER BY prepared",
    )
    .fetch_all(pool)
    .await?;
    for (gid, seconds) in &prepared {
        println!(
            "WRONG the prepared transaction {gid} ({seconds:.0} s) holds every reader back: COMMIT PREPARED or ROLLBACK PREPARED"
        );
    }
    Ok(free && prepared.is_empty())
}

async fn months(pool: &PgPool, now: recado_kernel::Timestamp) -> anyhow::Result<()> {
    let ahead = partitions::ahead(pool, now).await?;
    if ahead.months == 0 {
        println!("note  no month of message events is made yet: the server makes them");
    } else {
        println!("ok    message events: {} months made, the running one included", ahead.months);
    }
    Ok(())
}

/// Free space where the data folder and the private PostgreSQL are; `df` knows every kind of file system.
async fn disk(installation: &Installation) -> bool {
    let folder = installation.postgres_folder().unwrap_or(&installation.data);
    let Ok(output) = tokio::process::Command::new("df").arg("-Pk").arg(folder).output().await else { return true };
    let text = String::from_utf8_lossy(&output.stdout);
    let free = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)).and_then(|kib| kib.parse::<u64>().ok());
    let Some(free) = free.map(|kib| kib / 1024) else { return true };
    let enough = free >= LEAST_FREE_MIB;
    println!("{} free space {free} MiB at {}", if enough { "ok   " } else { "WRONG" }, folder.display());
    enough
}
