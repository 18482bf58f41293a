//! The PostgreSQL of a measurement: private, durable, with a fresh database for each cell of a table.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Context as _;
use recado_postgres::{Cluster, Durability};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Executor as _};

/// A running measurement.
pub struct Bench {
    pub(super) cluster: Cluster,
    /// Whatever a measurement writes beside its database.
    pub folder: PathBuf,
    databases: AtomicU64,
    /// Be quick about it?
    pub quick: bool,
    /// Folder with npm packages.
    pub node: Option<PathBuf>,
    /// What a write to the disk costs here: the median of fdatasync after 8 kB, in milliseconds.
    pub fdatasync_ms: f64,
}

impl Bench {
    /// Starts the PostgreSQL below `folder` and makes the template of our schema.
    pub async fn start(folder: &Path, quick: bool, node: Option<PathBuf>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let fdatasync_ms = fdatasync(folder)?;
        let place = folder.to_owned();
        let cluster = tokio::task::spawn_blocking(move || Cluster::start(&place, Durability::Full)).await??;
        let bench = Self { cluster, folder: folder.canonicalize()?, databases: AtomicU64::new(0), quick, node, fdatasync_ms };
        let leftovers: Vec<String> = {
            let mut admin = bench.connect("postgres").await?;
            sqlx::query_scalar("SELECT datname FROM pg_database WHERE datname LIKE 'bench_%'").fetch_all(&mut admin).await?
        };
        for name in leftovers {
            bench.admin(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        }
        bench.admin("CREATE DATABASE bench_template").await?;
        let pool = bench.pool("bench_template", 1).await?;
        recado_event_store::migrations::run(&pool).await?;
        pool.close().await;
        Ok(bench)
    }

    /// A new database with our schema.
    pub async fn ours(&self) -> anyhow::Result<String> {
        let name = self.name();
        self.admin(&format!("CREATE DATABASE {name} TEMPLATE bench_template")).await?;
        Ok(name)
    }

    /// A new database with what `schema` says.
    pub async fn theirs(&self, schema: &str) -> anyhow::Result<String> {
        let name = self.name();
        self.admin(&format!("CREATE DATABASE {name}")).await?;
        if !schema.is_empty() {
            self.connect(&name).await?.execute(sqlx::raw_sql(schema)).await.context("making the neighbour's tables")?;
        }
        Ok(name)
    }

    /// Away with it; the checkpoint keeps one cell's dirty pages from being written during the next.
    pub async fn drop_database(&self, name: &str) -> anyhow::Result<()> {
        self.admin(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        self.admin("CHECKPOINT").await
    }

    /// `postgres://…/name`.
    pub fn url(&self, name: &str) -> String {
        self.cluster.url_of(name)
    }

    /// Folder of the socket, for clients that take host and database apart.
    pub fn socket(&self) -> PathBuf {
        self.cluster.data().parent().map_or_else(PathBuf::new, |root| root.join("socket"))
    }

    /// Connections as our server makes them.
    pub async fn pool(&self, name: &str, most: u32) -> anyhow::Result<PgPool> {
        Ok(PgPoolOptions::new().max_connections(most).connect(&self.url(name)).await?)
    }

    /// The server's main process.
    pub fn postmaster(&self) -> u32 {
        let file = std::fs::read_to_string(self.cluster.data().join("postmaster.pid")).unwrap_or_default();
        file.lines().next().and_then(|pid| pid.trim().parse().ok()).unwrap_or_default()
    }

    pub(super) async fn connect(&self, name: &str) -> anyhow::Result<sqlx::PgConnection> {
        Ok(PgConnectOptions::from_str(&self.url(name))?.connect().await?)
    }

    pub(super) async fn admin(&self, statement: &str) -> anyhow::Result<()> {
        self.connect("postgres").await?.execute(statement).await.with_context(|| statement.to_owned())?;
        Ok(())
    }

    fn name(&self) -> String {
        format!("bench_{}", self.databases.fetch_add(1, Ordering::Relaxed))
    }
}

/// The figure without which no commit rate means anything.
fn fdatasync(folder: &Path) -> anyhow::Result<f64> {
    use std::io::{Seek as _, Write as _};
    let path = folder.join("fdatasync.probe");
    let mut file = std::fs::File::create(&path)?;
    let mut took = Vec::new();
    for _ in 0..200 {
        file.rewind()?;
        file.write_all(&[7; 8_192])?;
        let start = Instant::now();
        file.sync_data()?;
        took.push(start.elapsed());
    }
    std::fs::remove_file(&path)?;
    took.sort_unstable();
    Ok(took[took.len() / 2].as_secs_f64() * 1_000.0)
}
