//! The circuit of one receiver, pure: closed (calls go), open (calls wait and cost nothing), half-open (one call finds out).
//!
//! It opens after [`OPENS_AFTER`] failures in a row. A single delivery that fails to its end makes six, so one message that a receiver
//! cannot digest never opens it. While it is open nothing counts against any delivery.

use chrono::Duration;
use recado_kernel::Timestamp;

/// Failures in a row.
pub(crate) const OPENS_AFTER: u32 = 10;
/// Pause before the first probe; doubled after each that fails.
const FIRST_PAUSE_SECONDS: i64 = 10;
/// Longest pause.
const LONGEST_PAUSE_SECONDS: i64 = 300;
/// A probe that gave no sign for so long is taken as lost with its process (a call takes 10 s at most).
const PROBE_SECONDS: i64 = 20;
/// When whoever comes during a probe comes again.
const PROBE_LOOK_SECONDS: i64 = 2;

/// One receiver's circuit. The default is closed and well.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Breaker {
    /// In a row, while closed.
    pub failures: u32,
    /// `None` while closed.
    pub open: Option<Open>,
}

/// An open circuit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Open {
    pub since: Timestamp,
    /// Probes that failed.
    pub rounds: u32,
    pub retry_at: Timestamp,
    /// A probe is under way until then.
    pub probe_until: Option<Timestamp>,
}

/// May a call be made?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permit {
    /// Yes.
    Go,
    /// Yes, as the one that finds out.
    Probe,
    /// Not before this moment.
    Wait(Timestamp),
}

impl Breaker {
    /// Nothing to remember?
    pub(crate) fn is_well(&self) -> bool {
        *self == Self::default()
    }

    /// Asks to call at `now`. A [`Permit::Probe`] reserves the probe for the asker.
    pub(crate) fn ask(&mut self, now: Timestamp) -> Permit {
        let Some(open) = &mut self.open else { return Permit::Go };
        match open.probe_until {
            // It is soon known: a call takes ten seconds at most, and mostly none.
            Some(until) if until > now => Permit::Wait(until.min(now + Duration::seconds(PROBE_LOOK_SECONDS))),
            _ if open.retry_at > now => Permit::Wait(open.retry_at),
            _ => {
                open.probe_until = Some(now + Duration::seconds(PROBE_SECONDS));
                Permit::Probe
            }
        }
    }

    /// A call was answered: whatever came before, the receiver is there.
    pub(crate) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// A call found nobody, or a 5xx. `probe`: it was the one that finds out.
    pub(crate) fn failed(&mut self, now: Timestamp, probe: bool) {
        match &mut self.open {
            Some(open) if probe => {
                open.rounds = open.rounds.saturating_add(1);
                open.retry_at = now + pause(open.rounds);
                open.probe_until = None;
            }
            // A call that began before it opened says nothing new.
            Some(_) => {}
            None => {
                self.failures = self.failures.saturating_add(1);
                if self.failures >= OPENS_AFTER {
                    self.open = Some(Open { since: now, rounds: 0, retry_at: now + pause(0), probe_until: None });
                }
            }
        }
    }

    /// A person says that the receiver is well again: the next call finds out at once.
    pub(crate) fn hurry(&mut self, now: Timestamp) {
        if let Some(open) = &mut self.open {
            open.retry_at = open.retry_at.min(now);
            open.probe_until = None;
        }
    }
}

fn pause(rounds: u32) -> Duration {
    let doubled = FIRST_PAUSE_SECONDS.saturating_mul(1_i64 << rounds.min(16));
    Duration::seconds(doubled.min(LONGEST_PAUSE_SECONDS))
}
