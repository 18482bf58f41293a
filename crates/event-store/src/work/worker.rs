//! The loop that claims lanes and lets a handler do their work: one look for all lanes that are due, one record for all work that ended
//! meanwhile. Lanes with nothing to do cost neither a task nor a statement.

use std::sync::Arc;
use std::time::Duration;

use recado_kernel::{Clock, Timestamp};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::claim::{self, Claimed, ClaimedLane};
use super::finish::{self, Closing, Ended};
use super::serving::Serving;
use super::{ClaimedWork, Outcome, WorkHandler};
use crate::{EventLog, Gather, StoreError};

/// New work rings, here or (by `NOTIFY`) in the process that stored it, and the last look told when more is due; this covers what was
/// missed and leases that ran out.
const POLL: Duration = Duration::from_secs(1);
/// Two looks are at least this far apart unless there was more than could be taken: what becomes due in between is taken together. After
/// looks that found nothing (work was added to queues that must wait) it grows.
const BREATH: Duration = Duration::from_millis(5);
const LONGEST_BREATH: Duration = Duration::from_millis(20);
/// How many ends of work are recorded at once.
const ENDED_AT_ONCE: usize = 256;

/// Runs one handler's topic.
#[derive(Clone)]
pub struct Worker {
    log: EventLog,
    clock: Arc<dyn Clock>,
    holder: String,
    handler: Arc<dyn WorkHandler>,
    serving: Serving,
    ended: Gather<Ended, Result<(), StoreError>>,
}

impl Worker {
    /// `holder` names this process in leases.
    #[must_use]
    pub fn new(log: EventLog, clock: Arc<dyn Clock>, holder: &str, handler: Arc<dyn WorkHandler>) -> Self {
        let (desk, topic) = (log.desk().clone(), handler.topic());
        let ended = Gather::new(ENDED_AT_ONCE, move |ended: Vec<Ended>| {
            let desk = desk.clone();
            async move {
                let finished = match desk.pool() {
                    Ok(pool) => finish::finish(pool, topic, &ended).await,
                    Err(error) => Err(error),
                };
                vec![finished; ended.len()]
            }
        });
        Self { log, clock, holder: holder.to_owned(), handler, serving: Serving::default(), ended }
    }

    /// Works until `stop` turns true; returns when what was begun has ended.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let slots = u32::try_from(self.handler.concurrency()).unwrap_or(u32::MAX);
        let free = Arc::new(Semaphore::new(self.handler.concurrency()));
        let mut bell = self.log.listen_topic(self.handler.topic());
        let heartbeat = tokio::spawn(self.clone().keep_leases());
        let mut breath = BREATH;
        while !*stop.borrow() {
            bell.mark_unchanged();
            // Wait for at least one free slot before leasing: a lease must not age in a local queue.
            let Ok(permit) = free.clone().acquire_owned().await else { return };
            let limit = settled(&free).await + 1;
            let looked = Instant::now();
            let rest = match self.claim(limit).await {
                Ok(Claimed { lanes, next_due }) => {
                    let more = lanes.len() == limit;
                    breath = if lanes.is_empty() { (breath * 2).min(LONGEST_BREATH) } else { BREATH };
                    let mut permit = Some(permit);
                    for lane in lanes {
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
                            drop(permit);
                            worker.log.ring_here(worker.handler.topic());
                        });
                    }
                    if more {
                        continue;
                    }
                    self.until(next_due)
                }
                Err(error) => {
                    tracing::warn!(topic = self.handler.topic(), %error, "cannot claim work");
                    POLL
                }
            };
            tokio::select! {
                _ = stop.changed() => continue,
                _ = bell.changed() => {}
                () = tokio::time::sleep(rest) => {}
            }
            tokio::time::sleep_until(looked + breath).await;
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
            let claimed = self.claim(64).await?.lanes;
            if claimed.is_empty() {
                return Ok(handled);
            }
            for lane in claimed {
                handled += usize::from(lane.head.is_some());
                self.serve(lane).await;
            }
        }
    }

    async fn claim(&self, limit: usize) -> Result<Claimed, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let (topic, lease) = (self.handler.topic(), self.handler.lease());
        claim::claim(self.log.desk().pool()?, topic, &self.holder, self.clock.now(), lease, limit).await
    }

    /// How long nothing will be due here, unless somebody rings.
    fn until(&self, next_due: Option<Timestamp>) -> Duration {
        next_due.map_or(POLL, |due| (due - self.clock.now()).to_std().unwrap_or_default().min(POLL))
    }

    /// Renews the leases of what is being served, so that a lease can be short (a dead process is replaced soon) and work long. What is
    /// not ours any more is stopped: two must not do the same work.
    async fn keep_leases(self) {
        loop {
            tokio::time::sleep(self.handler.lease() / 3).await;
            let lanes = self.serving.lanes();
            if lanes.is_empty() {
                continue;
            }
            match self.renew(&lanes).await {
                Ok(kept) => {
                    for lane in self.serving.stop_lost(&lanes, &kept) {
                        tracing::warn!(topic = self.handler.topic(), lane, "the lease was lost; the handler is stopped");
                    }
                }
                Err(error) => tracing::warn!(topic = self.handler.topic(), %error, "cannot renew leases"),
            }
        }
    }

    async fn renew(&self, lanes: &[(String, i64)]) -> Result<Vec<String>, StoreError> {
        claim::renew(self.log.desk().pool()?, self.handler.topic(), &self.holder, lanes, self.handler.lease()).await
    }

    async fn serve(&self, lane: ClaimedLane) {
        self.serving.begin(&lane.lane, lane.fence);
        let (closing, not_before) = match &lane.head {
            None => (Closing::Nothing, None),
            Some(work) if work.due_at > self.clock.now() => (too_early(work), None),
            Some(work) => self.judged(work, self.handle(work).await),
        };
        // From here on the lease is not renewed: a lane that is being let go is not one that was lost. Should recording take longer than the
        // lease, the fence refuses it and the work is done again.
        self.serving.end(&lane.lane, lane.fence);
        let stopped = || StoreError::Database("recording the end of work panicked".to_owned());
        let recorded = self.ended.ask(Ended::new(&lane, closing, not_before)).await.unwrap_or_else(|| Err(stopped()));
        if let Err(error) = recorded {
            // The lease runs out and somebody does it again: handlers are repeatable.
            tracing::warn!(topic = self.handler.topic(), lane = lane.lane, %error, "could not record the end of work");
        }
    }

    /// Lets the handler do it in a task of its own: a panic is a failed attempt that people can see, not a lane leased for ever.
    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let (handler, own) = (self.handler.clone(), work.clone());
        let task = tokio::spawn(async move { handler.handle(&own).await });
        self.serving.runs(&work.lane, work.fence, task.abort_handle());
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

    /// What an outcome means for the work and for its lane.
    fn judged(&self, work: &ClaimedWork, outcome: Outcome) -> (Closing, Option<Timestamp>) {
        match outcome {
            Outcome::Done { not_before } => (Closing::Remove, not_before),
            Outcome::Retry { at, error } => {
                tracing::info!(topic = work.topic, id = %work.id, attempts = work.attempts, error, "work will be tried again");
                (Closing::Keep { due_at: at, error: Some(error), was_attempt: true, step: work.step }, None)
            }
            Outcome::Hold { until } => (Closing::Keep { due_at: until, error: None, was_attempt: false, step: work.step }, None),
            Outcome::Pause { until, step } => (Closing::Keep { due_at: until, error: None, was_attempt: false, step }, None),
            Outcome::Dead { error } => {
                tracing::warn!(topic = work.topic, id = %work.id, attempts = work.attempts, error, "work given up");
                (Closing::Bury { error }, None)
            }
        }
    }
}

/// How many places are free. Those whose work was recorded together give them back one by one: whoever is about to gets the chance.
async fn settled(free: &Semaphore) -> usize {
    let mut places = free.available_permits();
    loop {
        tokio::task::yield_now().await;
        let now = free.available_permits();
        if now <= places {
            return now;
        }
        places = now;
    }
}

fn too_early(work: &ClaimedWork) -> Closing {
    Closing::Keep { due_at: work.due_at, error: None, was_attempt: false, step: work.step }
}

/// Exponential back-off: `base`, doubled with every attempt, at most `max`.
#[must_use]
pub fn back_off(now: Timestamp, attempts: i32, base: chrono::Duration, max: chrono::Duration) -> Timestamp {
    let doublings = u32::try_from(attempts.max(1) - 1).unwrap_or(0).min(20);
    let wait = base.checked_mul(1 << doublings).map_or(max, |wait| wait.min(max));
    now + wait
}
