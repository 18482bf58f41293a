//! The lanes whose work is being done: their leases are renewed, and a handler whose lease was lost is stopped. A lane whose end is being
//! recorded, or could not be, is not among them: its lease runs out and the work is done again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Serving(Arc<Mutex<HashMap<String, Held>>>);

struct Held {
    fence: i64,
    /// Stops the handler when the lease is lost: somebody else does the work now.
    handler: Option<AbortHandle>,
}

impl Serving {
    fn held(&self) -> MutexGuard<'_, HashMap<String, Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A lane was claimed. If our own lease on it had run out (the database was away) and we claimed it anew, its earlier handler is
    /// stopped: one lane, one handler.
    pub(super) fn begin(&self, lane: &str, fence: i64) {
        let earlier = self.held().insert(lane.to_owned(), Held { fence, handler: None });
        if let Some(handler) = earlier.and_then(|earlier| earlier.handler) {
            handler.abort();
        }
    }

    /// Its handler runs in this task. Stopped at once when the lane is not ours any more.
    pub(super) fn runs(&self, lane: &str, fence: i64, task: AbortHandle) {
        match self.held().get_mut(lane) {
            Some(held) if held.fence == fence => held.handler = Some(task),
            _ => task.abort(),
        }
    }

    /// The work is done; the lane is about to be let go.
    pub(super) fn end(&self, lane: &str, fence: i64) {
        let mut held = self.held();
        if held.get(lane).is_some_and(|current| current.fence == fence) {
            held.remove(lane);
        }
    }

    /// What to renew.
    pub(super) fn lanes(&self) -> Vec<(String, i64)> {
        self.held().iter().map(|(lane, held)| (lane.clone(), held.fence)).collect()
    }

    /// Of the lanes `asked` for only `kept` are still ours. Stops the others' handlers and names their lanes.
    pub(super) fn stop_lost(&self, asked: &[(String, i64)], kept: &[String]) -> Vec<String> {
        let held = self.held();
        let mut lost = vec![];
        for (lane, fence) in asked.iter().filter(|(lane, _)| !kept.contains(lane)) {
            // Served to its end meanwhile, or claimed anew: then it is not lost.
            if let Some(gone) = held.get(lane).filter(|held| held.fence == *fence) {
                lost.push(lane.clone());
                if let Some(handler) = &gone.handler {
                    handler.abort();
                }
            }
        }
        lost
    }
}
