//! What runs behind the requests: projections, workers, the sweeper.

use std::sync::Arc;
use std::time::Duration;

use recado_event_store::health::{HealthProbe, SERVER_LEASE};
use recado_event_store::{Platform, Projection, Projector, WorkHandler, Worker, lease};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// A server that gives no sign of life for this long is not counted any more.
const ALIVE_FOR: Duration = Duration::from_secs(15);

/// The running loops of this process.
pub struct Loops {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Loops {
    /// Starts everything. `sweep` is called once a minute; `health` is looked at every ten seconds.
    pub fn start<S, F>(
        platform: &Platform,
        projections: Vec<Arc<dyn Projection>>,
        handlers: Vec<Arc<dyn WorkHandler>>,
        health: HealthProbe,
        sweep: S,
    ) -> Self
    where
        S: Fn() -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = watch::channel(false);
        let holder = format!("recado-{}-{}", std::process::id(), platform.new_uuid().simple());
        let mut projector = Projector::new(platform.log.clone());
        for projection in projections {
            projector = projector.with(projection);
        }
        let mut tasks = vec![tokio::spawn(projector.run(stopped.clone()))];
        for handler in handlers {
            tasks.push(tokio::spawn(
                Worker::new(platform.log.clone(), platform.clock.clone(), &holder, handler).run(stopped.clone()),
            ));
        }
        tasks.push(tokio::spawn(platform.vault.clone().keep_fresh(stopped.clone())));
        tasks.push(tokio::spawn(sweep_until(stopped.clone(), sweep)));
        tasks.push(tokio::spawn(health.sample_until(stopped.clone())));
        let (log, name, until) = (platform.log.clone(), holder.clone(), stopped.clone());
        tasks.push(tokio::spawn(async move { log.connect_processes(&name, until).await }));
        let pool = platform.pool().clone();
        tasks.push(tokio::spawn(async move {
            lease::keep(&pool, &format!("{SERVER_LEASE}{holder}"), &holder, ALIVE_FOR, stopped).await;
        }));
        Self { stop, tasks }
    }

    /// Tells everything to end and waits, at most `limit`. What does not end in time is left to its lease.
    pub async fn stop(self, limit: Duration) {
        self.stop.send_replace(true);
        let all = futures::future::join_all(self.tasks);
        if tokio::time::timeout(limit, all).await.is_err() {
            tracing::warn!("some work did not end in time; its leases will run out");
        }
    }
}

async fn sweep_until<S, F>(mut stopped: watch::Receiver<bool>, sweep: S)
where
    S: Fn() -> F + Send,
    F: Future<Output = ()> + Send + 'static,
{
    while !*stopped.borrow() {
        sweep().await;
        tokio::select! {
            _ = stopped.changed() => {}
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}
