//! Waking those who follow a feed. One task per process looks what is new, whenever something may be, and rings the instances it is about:
//! a thousand streams that wait cost one small query between them, and none while there is no stream.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use recado_event_store::EventLog;
use recado_kernel::InstanceId;
use tokio::sync::watch;
use uuid::Uuid;

use crate::Messaging;

/// Streams of one instance in one process.
const MOST_PER_INSTANCE: usize = 10;
/// A ring may be missed, e.g. of another process.
const POLL: Duration = Duration::from_secs(1);
/// Looks are at least so far apart.
const PAUSE: Duration = Duration::from_millis(25);

/// The streams of this process.
#[derive(Debug, Default)]
pub(crate) struct Bells(Mutex<HashMap<InstanceId, Bell>>);

#[derive(Debug)]
struct Bell {
    streams: usize,
    rung: watch::Sender<u64>,
}

impl Bells {
    fn lock(&self) -> MutexGuard<'_, HashMap<InstanceId, Bell>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self, instances: Option<&[InstanceId]>) {
        for (instance, bell) in self.lock().iter() {
            if instances.is_none_or(|rung| rung.contains(instance)) {
                bell.rung.send_modify(|n| *n = n.wrapping_add(1));
            }
        }
    }
}

/// One stream's bell. Hang on to it before reading: what is stored after that reading rings.
#[derive(Debug)]
pub struct FeedBell {
    bells: Arc<Bells>,
    instance: InstanceId,
    rung: watch::Receiver<u64>,
}

impl FeedBell {
    /// Resolves when there may be something new since the last call.
    pub async fn rung(&mut self) {
        if self.rung.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for FeedBell {
    fn drop(&mut self) {
        let mut bells = self.bells.lock();
        if let Some(bell) = bells.get_mut(&self.instance) {
            bell.streams -= 1;
            if bell.streams == 0 {
                bells.remove(&self.instance);
            }
        }
    }
}

impl Messaging {
    /// A bell for one more stream of this instance; `None` when it has as many as it may have in this process.
    #[must_use]
    pub fn feed_bell(&self, instance: InstanceId) -> Option<FeedBell> {
        let mut bells = self.bells.lock();
        let idle = bells.is_empty();
        let bell = bells.entry(instance).or_insert_with(|| Bell { streams: 0, rung: watch::Sender::new(0) });
        if bell.streams >= MOST_PER_INSTANCE {
            return None;
        }
        bell.streams += 1;
        let rung = bell.rung.subscribe();
        drop(bells);
        if idle {
            tokio::spawn(watch_feed(self.platform.log.clone(), self.bells.clone()));
        }
        Some(FeedBell { bells: self.bells.clone(), instance, rung })
    }
}

/// Until nobody listens any more.
async fn watch_feed(log: EventLog, bells: Arc<Bells>) {
    let mut changed = log.listen();
    let mut seen: Option<i64> = None;
    // Two tasks may overlap for a moment when the last stream ends and another begins; both ring, which is harmless.
    while !bells.lock().is_empty() {
        changed.mark_unchanged();
        match news(&log, seen).await {
            Ok((newest, instances)) => {
                // What came between a stream's first reading and this first look rings for everybody.
                bells.ring(seen.is_some().then_some(&instances));
                seen = Some(newest);
            }
            Err(error) => tracing::debug!(%error, "the feed was not looked at"),
        }
        tokio::time::sleep(PAUSE).await;
        drop(tokio::time::timeout(POLL, changed.changed()).await);
    }
}

/// The newest number, and whose feeds grew since `seen`.
async fn news(log: &EventLog, seen: Option<i64>) -> Result<(i64, Vec<InstanceId>), sqlx::Error> {
    let Some(seen) = seen else {
        let newest: Option<i64> = sqlx::query_scalar("SELECT max(seq) FROM webhook_event").fetch_one(log.pool()).await?;
        return Ok((newest.unwrap_or_default(), vec![]));
    };
    let grown: Vec<(Uuid, i64)> =
        sqlx::query_as("SELECT instance_id, max(seq) FROM webhook_event WHERE seq > $1 GROUP BY instance_id")
            .bind(seen)
            .fetch_all(log.pool())
            .await?;
    let newest = grown.iter().map(|(_, newest)| *newest).max().unwrap_or(seen);
    Ok((newest, grown.into_iter().map(|(instance, _)| InstanceId::from_uuid(instance)).collect()))
}
