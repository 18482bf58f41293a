//! Reading positions of this process's projections, for read-your-writes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use crate::Position;

/// What the loops of this process have read, lane by lane.
#[derive(Debug)]
pub(crate) struct Progress {
    reached: Mutex<HashMap<String, Vec<Position>>>,
    changed: watch::Sender<u64>,
}

impl Default for Progress {
    fn default() -> Self {
        Self { reached: Mutex::default(), changed: watch::Sender::new(0) }
    }
}

impl Progress {
    /// Has every lane of `name` read up to `position`?
    pub(crate) fn reached(&self, name: &str, position: Position) -> bool {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        reached.get(name).is_some_and(|lanes| !lanes.is_empty() && lanes.iter().all(|at| *at >= position))
    }

    pub(crate) fn listen(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// `lane` of `lanes` stands at `position`. Another number of lanes than before begins a new record: the old one's lanes were others.
    pub(super) fn moved(&self, name: &str, lane: u16, lanes: u16, position: Position) {
        {
            let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
            let at = reached.entry(name.to_owned()).or_default();
            if at.len() != usize::from(lanes) {
                *at = vec![Position::default(); usize::from(lanes)];
            }
            if let Some(at) = at.get_mut(usize::from(lane)) {
                *at = position;
            }
        }
        self.changed.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Other tables were put in place: what was read says nothing any more.
    pub(super) fn forget(&self, name: &str) {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(position: i64) -> Position {
        Position { txid: 1, position }
    }

    #[test]
    fn the_slowest_lane_decides() {
        let progress = Progress::default();
        assert!(!progress.reached("x@1", Position::default()), "nothing is known yet");
        progress.moved("x@1", 0, 2, at(10));
        assert!(!progress.reached("x@1", at(5)), "the other lane has read nothing");
        progress.moved("x@1", 1, 2, at(7));
        assert!(progress.reached("x@1", at(7)) && !progress.reached("x@1", at(8)));
        progress.moved("x@1", 0, 1, at(3));
        assert!(!progress.reached("x@1", at(7)), "a new layout starts a new record");
        progress.forget("x@1");
        assert!(!progress.reached("x@1", Position::default()));
    }
}
