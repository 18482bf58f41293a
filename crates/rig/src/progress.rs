//! What is known while the run goes on: three counters.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

/// So many callbacks follow from every message at least: delivery, `SENT`, `RECEIVED`.
pub const CALLBACKS_EACH: usize = 3;

/// Shared by everything that runs.
#[derive(Debug)]
pub struct Progress {
    total: usize,
    accepted: AtomicUsize,
    arrived: AtomicUsize,
    kills: AtomicUsize,
    mischief_over: AtomicBool,
    begun: Instant,
}

impl Progress {
    /// Nothing has happened yet.
    pub fn new(total: usize) -> Self {
        Self {
            total,
            accepted: AtomicUsize::new(0),
            arrived: AtomicUsize::new(0),
            kills: AtomicUsize::new(0),
            mischief_over: AtomicBool::new(false),
            begun: Instant::now(),
        }
    }

    /// A client has its answer.
    pub fn accepted(&self) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
    }

    /// The receiver took a callback it had not had yet.
    pub fn arrived(&self) {
        self.arrived.fetch_add(1, Ordering::Relaxed);
    }

    /// The server was killed.
    pub fn killed(&self) {
        self.kills.fetch_add(1, Ordering::Relaxed);
    }

    /// No more kills follow.
    pub fn end_mischief(&self) {
        self.mischief_over.store(true, Ordering::Relaxed);
    }

    /// Whether all kills are done.
    pub fn mischief_is_over(&self) -> bool {
        self.mischief_over.load(Ordering::Relaxed)
    }

    /// How many kills so far.
    pub fn kills(&self) -> usize {
        self.kills.load(Ordering::Relaxed)
    }

    /// What kills are measured by: how far everything is, of twice the number of messages. At first clients are ahead, at the end only
    /// callbacks are left.
    pub fn meter(&self) -> usize {
        self.accepted.load(Ordering::Relaxed) + self.arrived.load(Ordering::Relaxed) / CALLBACKS_EACH
    }

    /// Messages on their way.
    pub fn behind(&self) -> usize {
        self.accepted.load(Ordering::Relaxed).saturating_sub(self.arrived.load(Ordering::Relaxed) / CALLBACKS_EACH)
    }

    /// Everything that happened so far.
    pub fn news(&self) -> usize {
        self.accepted.load(Ordering::Relaxed) + self.arrived.load(Ordering::Relaxed) + self.kills()
    }

    /// One line for whoever watches; on a terminal it replaces the last one.
    pub fn show(&self) {
        let line = format!(
            "{:>5.0} s  accepted {}/{}  callbacks {}  kills {}",
            self.begun.elapsed().as_secs_f32(),
            self.accepted.load(Ordering::Relaxed),
            self.total,
            self.arrived.load(Ordering::Relaxed),
            self.kills()
        );
        let mut terminal = std::io::stderr();
        let written = if terminal.is_terminal() { write!(terminal, "\r{line}  ") } else { writeln!(terminal, "{line}") };
        // Nobody watches any more: no reason to stop.
        drop(written);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_counts_a_message_twice() {
        let progress = Progress::new(1);
        progress.accepted();
        assert_eq!(progress.meter(), 1);
        (0..CALLBACKS_EACH).for_each(|_| progress.arrived());
        assert_eq!(progress.meter(), 2);
    }
}
