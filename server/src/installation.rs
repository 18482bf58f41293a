//! An installation: its folder, its key, its database. Every command opens it the same way, beside a running server or without one.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use recado_event_store::{EventLog, Platform, Vault, limits, migrations};
use recado_kernel::Clock;
use recado_postgres::{Cluster, Durability};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use crate::clock::{OsRandom, SystemClock};
use crate::key_ring::KeyRing;
use crate::problem::Problem;

/// Where an installation is.
#[derive(Debug, Clone, clap::Args)]
pub struct Place {
    /// Folder for the installation key, mail and the private PostgreSQL.
    #[arg(long, global = true, env = "RECADO_DATA", default_value = ".recado", value_name = "DIR")]
    pub data: PathBuf,
    /// PostgreSQL to use; without it a private one runs below the data folder.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Development only: shifts the clock, e.g. 49h.
    #[arg(long, global = true, env = "RECADO_CLOCK_OFFSET", value_parser = crate::clock::parse_offset, allow_hyphen_values = true, value_name = "SPAN")]
    pub clock_offset: Option<chrono::Duration>,
}

/// The ground an installation stands on: its folder and its database, brought up to date, nothing else checked.
pub struct Ground {
    /// The data folder.
    pub data: PathBuf,
    /// The database.
    pub pool: PgPool,
    /// The private PostgreSQL, when there is one.
    pub cluster: Option<Cluster>,
}

impl Ground {
    /// Starts or joins the database and migrates it.
    ///
    /// # Errors
    /// A [`Problem`] for what the operator can mend, anything else is a defect.
    pub async fn open(place: &Place) -> anyhow::Result<Self> {
        let data = prepare_folder(&place.data)?;
        let (url, cluster) = match &place.database_url {
            Some(url) => (url.clone(), None),
            None => {
                let folder = data.join("postgres");
                let cluster = tokio::task::spawn_blocking(move || Cluster::start(&folder, Durability::Full))
                    .await?
                    .map_err(|error| Problem::new(error.to_string()))?;
                (cluster.url(), Some(cluster))
            }
        };
        let pool = connect(&url).await?;
        migrations::run(&pool)
            .await
            .map_err(|error| Problem::new(format!("the database schema could not be brought up to date: {error}")))?;
        Ok(Self { data, pool, cluster })
    }

    /// Closes connections, then lets go of the private PostgreSQL (it stops when nobody else uses it).
    pub async fn close(self) {
        // Connections lent to tasks that are still ending must not hold the shutdown up.
        drop(tokio::time::timeout(Duration::from_secs(2), self.pool.close()).await);
        if let Some(cluster) = self.cluster {
            drop(tokio::task::spawn_blocking(move || cluster.stop()).await);
        }
    }
}

/// An open installation. Dropping it lets go of the private PostgreSQL.
pub struct Installation {
    /// What the contexts stand on.
    pub platform: Platform,
    /// The data folder.
    pub data: PathBuf,
    /// Where its key is kept.
    pub keys: KeyRing,
    ground: Ground,
}

impl Installation {
    /// Opens the place: starts or joins the database, migrates it, checks the key and the log.
    ///
    /// # Errors
    /// A [`Problem`] for what the operator can mend, anything else is a defect.
    pub async fn open(place: &Place) -> anyhow::Result<Self> {
        let ground = Ground::open(place).await?;
        let pool = ground.pool.clone();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::shifted_by(place.clock_offset.unwrap_or_default()));
        let keys = KeyRing::of(&ground.data);
        let vault = keys.open_vault(&pool).await?;
        check_key(&pool, &vault).await?;
        let log = EventLog::start(pool);
        log.check_not_from_the_future().await.map_err(|error| Problem::new(error.to_string()))?;
        Ok(Self { platform: Platform::new(log, vault, clock, Box::new(OsRandom)), data: ground.data.clone(), keys, ground })
    }

    /// Folder of the private PostgreSQL, when there is one. As root it may be elsewhere than below the data folder: PostgreSQL's own user
    /// must be able to walk into it.
    pub fn postgres_folder(&self) -> Option<&Path> {
        self.cluster().map(Cluster::data)
    }

    /// The private PostgreSQL, when there is one.
    pub const fn cluster(&self) -> Option<&Cluster> {
        self.ground.cluster.as_ref()
    }

    /// Closes connections, then lets go of the private PostgreSQL (it stops when nobody else uses it).
    pub async fn close(self) {
        self.ground.close().await;
    }
}

fn prepare_folder(folder: &Path) -> anyhow::Result<PathBuf> {
    let cannot = |error: std::io::Error| {
        Problem::new(format!(
            "the data folder {} cannot be written: {error}. Give the user who runs recado write access, or choose another with --data",
            folder.display()
        ))
    };
    std::fs::create_dir_all(folder).map_err(cannot)?;
    let folder = folder.canonicalize().map_err(cannot)?;
    let probe = folder.join(format!(".write-test-{}", std::process::id()));
    std::fs::write(&probe, b"").map_err(cannot)?;
    std::fs::remove_file(&probe).map_err(cannot)?;
    Ok(folder)
}

async fn connect(url: &str) -> anyhow::Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| Problem::new("the database URL is not valid: write postgres://user:password@host/database"))?
        .application_name("recado");
    // Set in the session, not asked for at its start: poolers refuse or swallow start-up options.
    let limited = PgPoolOptions::new().after_connect(|db, _| Box::pin(limits::for_session(db, limits::EVERYDAY)));
    limited.max_connections(24).acquire_timeout(Duration::from_secs(3)).connect_with(options).await.map_err(|error| {
        Problem::new(format!("PostgreSQL does not answer: {error}. Check DATABASE_URL or --database-url")).into()
    })
}

/// A wrong key would make everything sealed unreadable: better not to start.
async fn check_key(pool: &PgPool, vault: &Vault) -> anyhow::Result<()> {
    let ours = vault.digest("installation", None, "key-check");
    let stored: String = sqlx::query_scalar(
        "INSERT INTO installation AS i (key_check) VALUES ($1) ON CONFLICT (only_one) DO UPDATE SET key_check = i.key_check RETURNING key_check",
    )
    .bind(&ours)
    .fetch_one(pool)
    .await?;
    if stored != ours {
        bail!(Problem::new(
            "this database belongs to another installation key: use the data folder (master.key) or RECADO_MASTER_KEY it was created with"
        ));
    }
    Ok(())
}
