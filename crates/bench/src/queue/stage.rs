//! An installation to be measured: a database, instances with linked virtual phones, and the server's own process.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use chrono::Utc;
use futures::{StreamExt as _, TryStreamExt as _};
use recado_engine_sim::{ScanTarget, Sim, SimEngine};
use recado_event_store::{EventLog, MasterKey, Platform, Projector, Vault};
use recado_kernel::{AccountId, Actor, Clock, Door, SeededRng, Timestamp};
use recado_messaging::{AcceptMessage, Messaging, MessagingSettings};
use serde_json::Value;
use sqlx::PgPool;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::Options;
use crate::support::Bench;

/// Any key will do, but both sides must have it.
const MASTER_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const AT_ONCE: usize = 32;

/// One instance as a client knows it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Path of its `send-text`.
    pub send_text: String,
}

/// How the installation is set up.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// How many connected instances.
    pub instances: usize,
    /// Where deliveries are told.
    pub webhook: Option<String>,
    /// Messages that wait in each queue before the server starts, each with this `delayMessage`.
    pub waiting: Option<(usize, i64)>,
    /// `RECADO_GAP_SECONDS`.
    pub gap: Option<&'static str>,
}

/// A running installation.
pub struct Stage {
    /// `host:port` of the server.
    pub host: String,
    /// Its instances.
    pub targets: Arc<Vec<Target>>,
    /// Connections to its database.
    pub pool: PgPool,
    /// Its database.
    pub database: String,
    server: Child,
}

struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_timestamp_micros(Utc::now().timestamp_micros()).unwrap_or_default()
    }
}

impl Stage {
    /// Makes the instances by the same commands as everybody, then starts the server on what was made.
    pub async fn start(bench: &Bench, options: &Options, setup: &Setup) -> anyhow::Result<Self> {
        let database = bench.theirs("").await?;
        let (url, data) = (bench.url(&database), bench.folder.join(format!("{database}-data")));
        let recado = |arguments: &[&str]| {
            let mut command = Command::new(&options.server);
            command.args(arguments).arg("--data").arg(&data).arg("--database-url").arg(&url);
            command.env("RECADO_MASTER_KEY", MASTER_KEY).env("RECADO_ALLOW_LOCAL_WEBHOOKS", "1").env("RECADO_LOG", "warn");
            command.env("RECADO_GAP_SECONDS", setup.gap.unwrap_or("1-3")).stdin(Stdio::null()).kill_on_drop(true);
            command
        };
        let made = recado(&["demo", "--json"]).output().await.context("starting the server's program")?;
        ensure!(made.status.success(), "recado demo: {}", String::from_utf8_lossy(&made.stderr));
        let demo: Value = serde_json::from_slice(&made.stdout).context("reading `recado demo --json`")?;
        let account = demo["account"]["id"].as_str().context("the demonstration names no account")?.parse()?;
        let pool = bench.pool(&database, 24).await?;
        let targets = instances(&pool, account, setup).await?;
        let mut server = recado(&["serve", "--mode", "dev", "--port", "0"]).stdout(Stdio::piped()).spawn()?;
        let mut lines = BufReader::new(server.stdout.take().context("no output")?).lines();
        let host = loop {
            let line = lines.next_line().await?.context("the server ended before it was ready")?;
            if let Some(address) = line.strip_prefix("ready http://") {
                break address.trim().to_owned();
            }
        };
        // Whatever else it prints must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { host, targets: Arc::new(targets), pool, database, server })
    }

    /// The server's process.
    pub fn pid(&self) -> u32 {
        self.server.id().unwrap_or_default()
    }

    /// Ends the server and drops its database.
    pub async fn end(mut self, bench: &Bench) -> anyhow::Result<()> {
        self.server.kill().await?;
        self.pool.close().await;
        let data: PathBuf = bench.folder.join(format!("{}-data", self.database));
        drop(std::fs::remove_dir_all(data));
        bench.drop_database(&self.database).await
    }
}

async fn instances(pool: &PgPool, account: AccountId, setup: &Setup) -> anyhow::Result<Vec<Target>> {
    let key = MasterKey::from_base64(MASTER_KEY).map_err(|error| anyhow::anyhow!("{error}"))?;
    let seed = || SeededRng::new(u64::try_from(Utc::now().timestamp_nanos_opt().unwrap_or_default()).unwrap_or_default());
    let vault = Vault::open(pool.clone(), &key, Box::new(seed())).await?;
    let platform = Platform::new(EventLog::start(pool.clone()), vault, Arc::new(WallClock), Box::new(seed()));
    let settings = MessagingSettings { allow_local_webhooks: true, ..MessagingSettings::default() };
    let messaging = Messaging::new(platform.clone(), settings).with_engine(Arc::new(SimEngine::new(platform.clone())));
    let sim = Sim::new(platform.clone(), messaging.clone());
    let system = || Actor::System("bench".into());
    let created: Vec<_> = futures::stream::iter(0..setup.instances)
        .map(|n| {
            let meta = platform.meta(account, system(), Door::Job);
            let messaging = messaging.clone();
            async move { anyhow::Ok((n, messaging.create_instance(meta, format!("Loja {n}").parse()?).await?)) }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let projector = messaging.projections().into_iter().fold(Projector::new(platform.log.clone()), Projector::with);
    projector.catch_up().await?;
    let prepare = futures::stream::iter(created.iter()).map(|(n, born)| {
        let (messaging, sim, platform) = (messaging.clone(), sim.clone(), platform.clone());
        async move {
            if let Some(url) = &setup.webhook {
                let meta = platform.meta(account, system(), Door::Job);
                messaging.set_webhook(meta, born.id, recado_messaging::WebhookKind::Delivery, Some(url)).await?;
            }
            if let Some((messages, delay)) = setup.waiting {
                let access = messaging.instance_access(account, born.id, system(), Door::Job).await?;
                for k in 0..messages {
                    let to = format!("55629{:08}", 10_000_002 + (n * 7 + k) % 1_000 * 10).parse()?;
                    let text = AcceptMessage {
                        delay_message: Some(delay),
                        ..AcceptMessage::text(to, "Olá! O seu pedido saiu para entrega.")
                    };
                    messaging.accept(&access, text).await?;
                }
            }
            let target = ScanTarget::Instance { account, instance: born.id };
            sim.scan(&target, &format!("55119{:08}", 20_000_002 + n * 10).parse()?).await?;
            anyhow::Ok(())
        }
    });
    prepare.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
    projector.catch_up().await?;
    // The planner must know what it has before the clock runs, as it would after a day.
    sqlx::query("ANALYZE").execute(pool).await?;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let path = |id: &str, token: &str| format!("/instances/{id}/token/{token}/send-text");
    Ok(created.iter().map(|(_, born)| Target { send_text: path(&born.id.public(), born.token.expose()) }).collect())
}
