//! `recado serve`: everything in one process; any number of processes on one database.

use std::net::SocketAddr;
use std::time::Duration;

use recado_event_store::health::HealthProbe;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::composition::Contexts;
use crate::config::{Mode, Settings};
use crate::installation::{Installation, Place};
use crate::loops::Loops;
use crate::problem::Problem;
use crate::{listen, web};

/// How long open requests may take to end after a stop was ordered. With the loops (2 s), the connections (2 s), PostgreSQL and the tasks
/// (1 s) a stop takes less than 10 s in every case.
const REQUESTS_END_IN: Duration = Duration::from_secs(3);
const LOOPS_END_IN: Duration = Duration::from_secs(2);

/// Run the server.
#[derive(Debug, clap::Args)]
pub struct Serve {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    host: std::net::IpAddr,
    /// Development or production.
    #[arg(long, value_enum, default_value_t = Mode::Dev, env = "RECADO_MODE")]
    mode: Mode,
}

impl Serve {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        start_logging();
        if self.mode == Mode::Production && place.clock_offset.is_some() {
            return Err(Problem::new(
                "the clock may only be shifted in development: leave out --clock-offset, or use --mode dev",
            )
            .into());
        }
        let mut stop = stop_ordered()?;
        // The port first: a taken one must be said before PostgreSQL is started.
        let address = SocketAddr::new(self.host, self.port);
        let listener = TcpListener::bind(address)
            .await
            .map_err(|error| Problem::new(format!("cannot listen on {address}: {error}. Choose another port with --port")))?;
        let address = listener.local_addr()?;
        let installation = Installation::open(place).await?;
        let settings = Settings::load(&installation.data)?;
        let contexts = Contexts::compose(&installation, &settings, self.mode, &format!("http://{address}"))?;
        let health = HealthProbe::new(installation.platform.clone(), contexts.projections());
        let loops = Loops::start(&installation.platform, contexts.projections(), contexts.handlers(), health.clone(), {
            let contexts = contexts.clone();
            move || contexts.clone().sweep()
        });
        let app = web::router(&contexts, &settings, self.mode, health, stop.clone())?;
        println!("ready http://{address}");
        let requests = tokio::spawn(listen::serve(listener, app, settings.limits().within_open_files(), stop.clone()));
        drop(stop.wait_for(|ordered| *ordered).await);
        tracing::info!("stopping");
        // Live pages hold their connection open for ever: they are cut after a grace period.
        match tokio::time::timeout(REQUESTS_END_IN, requests).await {
            Ok(served) => served?,
            Err(_) => tracing::info!("open connections were cut"),
        }
        loops.stop(LOOPS_END_IN).await;
        installation.close().await;
        Ok(())
    }
}

/// Turns true on SIGTERM or Ctrl-C.
fn stop_ordered() -> anyhow::Result<watch::Receiver<bool>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (sender, receiver) = watch::channel(false);
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        sender.send_replace(true);
    });
    Ok(receiver)
}

/// Logs go to stderr; `RECADO_LOG` filters, `RECADO_LOG_FORMAT=json` for machines.
fn start_logging() {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_env("RECADO_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn,hyper=warn"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if std::env::var("RECADO_LOG_FORMAT").is_ok_and(|format| format == "json") {
        subscriber.json().try_init()
    } else {
        subscriber.try_init()
    };
    if let Err(error) = started {
        eprintln!("recado: no logging: {error}");
    }
}
