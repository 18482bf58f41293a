//! The last hour of this process, in memory: enough for a picture, lost with the process.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use recado_kernel::Timestamp;

use super::Health;

/// One hour of samples every ten seconds.
const CAPACITY: usize = 360;

/// What one look showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When (application clock).
    pub at: Timestamp,
    /// Positions given out so far: the difference to the sample before is what was appended in between.
    pub positions: i64,
    /// Events the slowest projection was behind.
    pub lag_events: i64,
    /// Lanes with due work.
    pub due: i64,
}

impl Sample {
    /// The part of `health` that is kept.
    #[must_use]
    pub fn of(health: &Health) -> Self {
        Self {
            at: health.at,
            positions: health.positions,
            lag_events: health.lag_events(),
            due: health.topics.iter().map(|topic| topic.due).sum(),
        }
    }
}

/// A ring of samples, oldest first.
#[derive(Debug, Default)]
pub struct History {
    samples: Mutex<VecDeque<Sample>>,
}

impl History {
    /// Adds the newest; the oldest makes room.
    pub fn push(&self, sample: Sample) {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        if samples.len() == CAPACITY {
            samples.pop_front();
        }
        samples.push_back(sample);
    }

    /// All, oldest first.
    #[must_use]
    pub fn samples(&self) -> Vec<Sample> {
        self.samples.lock().unwrap_or_else(PoisonError::into_inner).iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_kept() {
        let history = History::default();
        for positions in 0..400 {
            history.push(Sample { at: Timestamp::default(), positions, lag_events: 0, due: 0 });
        }
        let samples = history.samples();
        assert_eq!((samples.len(), samples[0].positions, samples[359].positions), (360, 40, 399));
    }
}
