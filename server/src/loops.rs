//! What runs behind the requests: projections, workers, the sweeper.

use std::sync::Arc;
use std::time::Duration;

use recado_event_store::{Platform, Projection, Projector, WorkHandler, Worker};
use tokio::sync::watch;
use tokio::task::JoinHandle;

const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// The running loops of this process.
pub struct Loops {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Loops {
    /// Starts everything. `sweep` is called once a minute.
    pub fn start<S, F>(
        platform: &Platform,
        projections: Vec<Arc<dyn Projection>>,
        handlers: Vec<Arc<dyn WorkHandler>>,
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
        tasks.push(tokio::spawn(sweep_until(stopped, sweep)));
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
