//! `recado doctor`: is this installation sound?

use recado_event_store::migrations;

use crate::config::Settings;
use crate::installation::{Installation, Place};
use crate::problem::Problem;

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
    let current = migrations::is_current(pool).await?;
    println!(
        "{} schema {}",
        if current { "ok   " } else { "WRONG" },
        if current { "up to date" } else { "is older than this program" }
    );
    sound &= current;
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
