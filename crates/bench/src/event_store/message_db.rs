//! message-db from npm: SQL functions, called from a loop in Rust. 64 categories, because one category takes one writer at a time.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use sqlx::PgPool;

use super::sample::{EXISTING, SampleEvent, existing, existing_id, fresh};
use super::{Cell, Kind};
use crate::support::{Bench, Figure, closed_loop};

const CATEGORIES: usize = 64;
/// In the order in which its own installer runs them.
const FOLDERS: [&str; 5] = ["schema", "extensions", "types", "tables", "functions"];
/// Functions that others are built from come first.
const FIRST_FUNCTIONS: [&str; 9] = [
    "id.sql",
    "hash-64.sql",
    "category.sql",
    "is-category.sql",
    "cardinal-id.sql",
    "acquire-lock.sql",
    "stream-version.sql",
    "write-message.sql",
    "get-stream-messages.sql",
];

/// One cell of the table; `None` without the package or for what is not compared.
pub async fn run(bench: &Bench, cell: Cell) -> anyhow::Result<Option<Figure>> {
    let Some(folder) = bench.node.as_ref().filter(|_| !cell.projected) else { return Ok(None) };
    let schema = schema(&folder.join("node_modules/@eventide/message-db/database"))?;
    let database = bench.theirs(&schema).await?;
    let pool = bench.pool(&database, u32::try_from(cell.tasks.clamp(1, 64))?).await?;
    if cell.kind == Kind::Existing {
        seed(&pool, cell).await?;
    }
    let commands = Arc::new(pool.clone());
    let figure = closed_loop(bench, cell.tasks, cell.span, move |task, n| {
        let pool = commands.clone();
        async move {
            let id = match cell.kind {
                Kind::Create => fresh(task, n).to_string(),
                Kind::Existing => existing(cell.tasks, task, n),
            };
            command(&pool, &stream(task, &id), i64::try_from(n % 100)?).await
        }
    })
    .await?;
    pool.close().await;
    bench.drop_database(&database).await?;
    Ok(Some(figure))
}

/// Load, decide, append with the expected version.
async fn command(pool: &PgPool, stream: &str, amount: i64) -> anyhow::Result<()> {
    let past: Vec<(String, i64)> =
        sqlx::query_as("SELECT data, position FROM message_store.get_stream_messages($1)").bind(stream).fetch_all(pool).await?;
    let mut total = 0;
    for (data, _) in &past {
        let SampleEvent::Recorded { amount, .. } = serde_json::from_str(data)?;
        total += amount;
    }
    let version = past.last().map_or(-1, |(_, position)| *position);
    anyhow::ensure!(total < i64::MAX, "nobody comes here");
    write(pool, stream, &SampleEvent::numbered(amount), version).await
}

async fn write(pool: &PgPool, stream: &str, event: &SampleEvent, version: i64) -> anyhow::Result<()> {
    sqlx::query("SELECT message_store.write_message(gen_random_uuid()::varchar, $1, 'Recorded', $2::jsonb, NULL, $3)")
        .bind(stream)
        .bind(serde_json::to_value(event)?)
        .bind(version)
        .execute(pool)
        .await?;
    Ok(())
}

fn stream(task: usize, id: &str) -> String {
    format!("sample{}-{id}", task % CATEGORIES)
}

async fn seed(pool: &PgPool, cell: Cell) -> anyhow::Result<()> {
    for k in 0..EXISTING {
        let task = usize::try_from(k)? % cell.tasks;
        write(pool, &stream(task, &existing_id(k)), &SampleEvent::numbered(1), -1).await?;
    }
    Ok(())
}

fn schema(folder: &Path) -> anyhow::Result<String> {
    let read = |path: &Path| std::fs::read_to_string(path).with_context(|| path.display().to_string());
    let mut text = String::from("SET check_function_bodies = off;\n");
    for name in FOLDERS {
        let mut files: Vec<_> = std::fs::read_dir(folder.join(name))?.flatten().map(|entry| entry.path()).collect();
        files.sort_by_key(|path| {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (FIRST_FUNCTIONS.iter().position(|first| *first == file).unwrap_or(FIRST_FUNCTIONS.len()), file)
        });
        for file in files {
            text += &read(&file)?;
            text.push('\n');
        }
        if name == "schema" {
            text += "SET search_path TO message_store, public;\n";
        }
    }
    // As its installer's role has it.
    text +=
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path TO message_store, public', current_database()); END $$;\n";
    for index in ["messages-id", "messages-stream", "messages-category"] {
        // Inside one batch nothing can be built concurrently.
        text += &read(&folder.join("indexes").join(format!("{index}.sql")))?.replace("CONCURRENTLY", "");
        text.push('\n');
    }
    Ok(text)
}
