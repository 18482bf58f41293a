//! The loop that claims lanes and lets a handler do their work.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use recado_kernel::{Clock, Timestamp};
use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;

use super::lanes::{self, Closing};
use super::{ClaimedWork, Outcome, WorkHandler};
use crate::{EventLog, StoreError};

/// New work rings, here or (by `NOTIFY`) in the process that stored it; this covers what was missed and leases that ran out.
const POLL: Duration = Duration::from_secs(1);
/// Work that became due between the claim and this look, or that another process was claiming: soon, but not in a hurry.
const SHORTEST_POLL: Duration = Duration::from_millis(100);

/// Runs one handler's topic.
#[derive(Clone)]
pub struct Worker {
    log: EventLog,
    clock: Arc<dyn Clock>,
    holder: String,
    handler: Arc<dyn WorkHandler>,
    /// Lanes being served right now: their leases are renewed. A lane whose end could not be recorded is not among them, so its lease
    /// runs out and the work is done again.
    serving: Arc<Mutex<HashMap<String, Serving>>>,
}

struct Serving {
    fence: i64,
    /// Stops the handler when the lease is lost: somebody else does the work now.
    handler: Option<AbortHandle>,
}

impl Worker {
    /// `holder` names this process in leases.
    #[must_use]
    pub fn new(log: EventLog, clock: Arc<dyn Clock>, holder: &str, handler: Arc<dyn WorkHandler>) -> Self {
        Self { log, clock, holder: holder.to_owned(), handler, serving: Arc::default() }
    }

    /// Works until `stop` turns true; returns when what was begun has ended.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let slots = u32::try_from(self.handler.concurrency()).unwrap_or(u32::MAX);
        let free = Arc::new(Semaphore::new(self.handler.concurrency()));
        let mut bell = self.log.listen();
        let heartbeat = tokio::spawn(self.clone().keep_leases());
        while !*stop.borrow() {
            bell.mark_unchanged();
            let mut busy = false;
            // Wait for at least one free slot before leasing: a lease must not age in a local queue.
            let Ok(permit) = free.clone().acquire_owned().await else { return };
            let limit = i64::try_from(free.available_permits()).unwrap_or(0) + 1;
            match lanes::claim(self.log.pool(), self.handler.topic(), &self.holder, self.clock.now(), self.handler.lease(), limit)
                .await
            {
                Ok(claimed) => {
                    busy = !claimed.is_empty();
                    let mut permit = Some(permit);
                    for lane in claimed {
                        let permit = match permit.take() {
                            Some(permit) => permit,
                            None => match free.clone().acquire_owned().await {
                                Ok(permit) => permit,
                                Err(_) => return,
                            },
                        };
                        let worker = self.clone();
                        tokio::spawn(async move {
                            worker.serve(lane).await;
                            worker.log.ring();
                            drop(permit);
                        });
                    }
                }
                Err(error) => tracing::warn!(topic = self.handler.topic(), %error, "cannot claim work"),
            }
            if !busy {
                tokio::select! {
                    _ = stop.changed() => {}
                    _ = bell.changed() => {}
                    () = tokio::time::sleep(self.until_next_due().await) => {}
                }
            }
        }
        // Let what was begun end, bounded by the lease: afterwards another process takes over anyway.
        drop(tokio::time::timeout(self.handler.lease(), free.acquire_many(slots)).await);
        heartbeat.abort();
    }

    /// Does everything that is due now, once, in this task: for tests and the command line. Returns how many pieces were handled.
    ///
    /// # Errors
    /// The database.
    pub async fn drain(&self) -> Result<usize, StoreError> {
        let mut handled = 0;
        loop {
            let claimed =
                lanes::claim(self.log.pool(), self.handler.topic(), &self.holder, self.clock.now(), self.handler.lease(), 64)
                    .await?;
            if claimed.is_empty() {
                return Ok(handled);
            }
            for lane in claimed {
                handled += usize::from(lane.head.is_some());
                self.serve(lane).await;
            }
        }
    }

    /// How long nothing will be due here, unless somebody rings.
    async fn until_next_due(&self) -> Duration {
        match lanes::next_due(self.log.pool(), self.handler.topic()).await {
            Ok(Some(due)) => (due - self.clock.now()).to_std().unwrap_or_default().clamp(SHORTEST_POLL, POLL),
            Ok(None) | Err(_) => POLL,
        }
    }

    /// Renews the leases of what is being served, so that a lease can be short (a dead process is replaced soon) and work long. What is
    /// not ours any more is stopped: two must not do the same work.
    async fn keep_leases(self) {
        loop {
            tokio::time::sleep(self.handler.lease() / 3).await;
            let lanes: Vec<(String, i64)> = self.serving().iter().map(|(lane, serving)| (lane.clone(), serving.fence)).collect();
            if lanes.is_empty() {
                continue;
            }
            match lanes::renew(self.log.pool(), self.handler.topic(), &self.holder, &lanes, self.handler.lease()).await {
                Ok(kept) => self.stop_lost(&lanes, &kept),
                Err(error) => tracing::warn!(topic = self.handler.topic(), %error, "cannot renew leases"),
            }
        }
    }

    fn stop_lost(&self, asked: &[(String, i64)], kept: &[String]) {
        let serving = self.serving();
        for (lane, fence) in asked.iter().filter(|(lane, _)| !kept.contains(lane)) {
            // Served to its end meanwhile, or claimed anew: then it is not lost.
            if let Some(lost) = serving.get(lane).filter(|serving| serving.fence == *fence) {
                tracing::warn!(topic = self.handler.topic(), lane, "the lease was lost; the handler is stopped");
                if let Some(handler) = &lost.handler {
                    handler.abort();
                }
            }
        }
    }

    fn serving(&self) -> MutexGuard<'_, HashMap<String, Serving>> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn serve(&self, lane: lanes::ClaimedLane) {
        let (name, fence) = (lane.lane.clone(), lane.fence);
        let earlier = self.serving().insert(name.clone(), Serving { fence, handler: None });
        // Our own lease had run out (the database was away) and we claimed the lane anew: one lane, one handler.
        if let Some(handler) = earlier.and_then(|earlier| earlier.handler) {
            handler.abort();
        }
        self.serve_leased(lane).await;
        let mut serving = self.serving();
        if serving.get(&name).is_some_and(|current| current.fence == fence) {
            serving.remove(&name);
        }
    }

    /// Lets the handler do it in a task of its own: a panic is a failed attempt that people can see, not a lane leased for ever.
    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let (handler, own) = (self.handler.clone(), work.clone());
        let task = tokio::spawn(async move { handler.handle(&own).await });
        match self.serving().get_mut(&work.lane) {
            Some(serving) if serving.fence == work.fence => serving.handler = Some(task.abort_handle()),
            _ => task.abort(),
        }
        match task.await {
            Ok(outcome) => outcome,
            Err(error) => {
                let at = back_off(self.clock.now(), work.attempts, chrono::Duration::seconds(1), chrono::Duration::minutes(5));
                if error.is_panic() {
                    tracing::error!(topic = work.topic, id = %work.id, attempts = work.attempts, "a handler panicked: this is a defect");
                }
                // The panic's own words may hold anything: they stay out of the database.
                let error = if error.is_panic() { "the handler panicked" } else { "the handler was stopped" };
                Outcome::Retry { at, error: error.to_owned() }
            }
        }
    }

    async fn serve_leased(&self, lane: lanes::ClaimedLane) {
        let ended = match lane.head {
            None => lanes::release(self.log.pool(), &lane.topic, &lane.lane, lane.fence, lane.signals, None).await,
            Some(work) if work.due_at > self.clock.now() => self.too_early(&work).await,
            Some(work) => {
                let outcome = self.handle(&work).await;
                self.conclude(&work, outcome).await
            }
        };
        if let Err(error) = ended {
            // The lease runs out and somebody does it again: handlers are repeatable.
            tracing::warn!(topic = self.handler.topic(), lane = lane.lane, %error, "could not record the end of work");
        }
    }

    async fn too_early(&self, work: &ClaimedWork) -> Result<(), StoreError> {
        lanes::finish(self.log.pool(), work, Closing::Keep { due_at: work.due_at, error: None, was_attempt: false }, None).await
    }

    async fn conclude(&self, work: &ClaimedWork, outcome: Outcome) -> Result<(), StoreError> {
        let pool = self.log.pool();
        match outcome {
            Outcome::Done { not_before } => lanes::finish(pool, work, Closing::Remove, not_before).await,
            Outcome::Retry { at, error } => {
                tracing::info!(topic = work.topic, id = %work.id, attempts = work.attempts, error, "work will be tried again");
                lanes::finish(pool, work, Closing::Keep { due_at: at, error: Some(&error), was_attempt: true }, None).await
            }
            Outcome::Hold { until } => {
                lanes::finish(pool, work, Closing::Keep { due_at: until, error: None, was_attempt: false }, None).await
            }
            Outcome::Dead { error } => {
                tracing::warn!(topic = work.topic, id = %work.id, attempts = work.attempts, error, "work given up");
                lanes::finish(pool, work, Closing::Bury { error: &error }, None).await
            }
        }
    }
}

/// Exponential back-off: `base`, doubled with every attempt, at most `max`.
#[must_use]
pub fn back_off(now: Timestamp, attempts: i32, base: chrono::Duration, max: chrono::Duration) -> Timestamp {
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or(0).min(20);
    let wait = base.checked_mul(1 << doublings).map_or(max, |wait| wait.min(max));
    now + wait
}
