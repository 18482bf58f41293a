//! One run from an empty folder to the report.

use std::sync::Arc;

use anyhow::Context as _;
use recado_postgres::{Cluster, Durability};
use sqlx::postgres::PgPoolOptions;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::calm;
use crate::clients::{self, Client, Intention};
use crate::mischief::Victims;
use crate::plan::{Options, Plan};
use crate::program::Program;
use crate::progress::Progress;
use crate::receiver::Receiver;
use crate::report::Report;
use crate::setup;

/// Progress is shown this often.
const SHOW: std::time::Duration = std::time::Duration::from_secs(2);

/// Everything.
pub async fn run(options: &Options) -> anyhow::Result<Report> {
    let begun = Instant::now();
    let plan = Plan::new(options);
    let deadline = begun + plan.limit;
    let (folder, cluster) = {
        let folder = options.folder.clone();
        tokio::task::spawn_blocking(move || fresh(folder)).await??
    };
    let progress = Arc::new(Progress::new(plan.messages()));
    let receiver = Receiver::start(options.seed, plan.patience, progress.clone()).await?;
    let mut program = Program::new(options.server.clone(), folder.join("data"), folder.join("server.log"))?;
    program.start().await?;
    let http = clients::http()?;
    let instances: Vec<_> =
        setup::instances(&program, &http, options.instances, &receiver.url()).await?.into_iter().map(Arc::new).collect();
    let pool = PgPoolOptions::new().max_connections(2).connect(&cluster.url()).await?;
    let victims = Victims { program: Arc::new(Mutex::new(program)), cluster, progress: progress.clone() };

    let shown = tokio::spawn({
        let progress = progress.clone();
        async move {
            loop {
                progress.show();
                tokio::time::sleep(SHOW).await;
            }
        }
    });
    let mischief = tokio::spawn(victims.clone().suffer(plan.kills.clone()));
    let last = Instant::now().checked_add(plan.writing).map_or(deadline, |last| last.min(deadline));
    let mut writing = Vec::new();
    for chat in &plan.chats {
        let instance = instances.get(chat.instance).context("a chat without a number")?.clone();
        let client = Client {
            http: http.clone(),
            instance,
            chat: chat.clone(),
            seed: options.seed,
            progress: progress.clone(),
            window: plan.window,
        };
        writing.push(tokio::spawn(client.run(last, deadline)));
    }
    let mut intentions: Vec<Intention> = Vec::new();
    for client in writing {
        intentions.extend(client.await?);
    }
    let keys = !options.without_keys;
    let calm = calm::wait(&victims, &pool, &receiver, &plan, &intentions, keys, deadline).await;
    shown.abort();
    progress.show();
    mischief.abort();
    let crashes = mischief.await.unwrap_or(Ok(0)).context("mischief")?;
    let calm = calm?;
    pool.close().await;
    victims.program.lock().await.stop().await?;
    let calls = receiver.calls();
    let (accepted, unanswered, refused) = Report::count(&intentions);
    let report = Report {
        seed: options.seed,
        accepted,
        unanswered,
        refused,
        kills: progress.kills(),
        crashes,
        calls: calls.len(),
        failed_calls: calls.iter().filter(|call| !call.taken).count(),
        jumps: calm.jumps,
        findings: calm.findings,
        quiet: calm.quiet,
        took: begun.elapsed(),
        keys,
    };
    drop(victims);
    if !options.keep && report.is_clean() {
        tokio::task::spawn_blocking(move || remove(&folder)).await??;
    }
    Ok(report)
}

/// An empty folder with a running, durable PostgreSQL where the server looks for it.
fn fresh(folder: std::path::PathBuf) -> anyhow::Result<(std::path::PathBuf, Arc<Cluster>)> {
    remove(&folder)?;
    std::fs::create_dir_all(folder.join("data"))?;
    let folder = folder.canonicalize()?;
    let cluster = Cluster::start(&folder.join("data/postgres"), Durability::Full)?;
    Ok((folder, Arc::new(cluster)))
}

fn remove(folder: &std::path::Path) -> anyhow::Result<()> {
    if folder.exists() {
        Cluster::remove(&folder.join("data/postgres"))?;
        std::fs::remove_dir_all(folder).context("emptying the folder")?;
    }
    Ok(())
}
