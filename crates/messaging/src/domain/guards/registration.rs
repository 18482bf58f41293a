//! The 24-hour rule: a number rests for a day after its registration in WhatsApp before it scans a QR code (plugzapi-api.md 4).

use chrono::Duration;
use recado_kernel::Timestamp;

/// How long a fresh number rests, in hours.
pub const REST_HOURS: i64 = 24;

/// May the number scan?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ripeness {
    /// Nobody said when it was registered.
    Unknown,
    /// It has rested.
    Ripe,
    /// Not before this moment.
    Until(Timestamp),
}

/// The state of a number that was registered at `registered_at`.
#[must_use]
pub fn ripeness(registered_at: Option<Timestamp>, now: Timestamp) -> Ripeness {
    match registered_at.map(|at| at + Duration::hours(REST_HOURS)) {
        None => Ripeness::Unknown,
        Some(ripe_at) if now >= ripe_at => Ripeness::Ripe,
        Some(ripe_at) => Ripeness::Until(ripe_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_ripe_after_24_hours_to_the_second() {
        let registered = Timestamp::UNIX_EPOCH;
        let ripe_at = registered + Duration::hours(24);
        assert_eq!(ripeness(None, ripe_at), Ripeness::Unknown);
        assert_eq!(ripeness(Some(registered), ripe_at - Duration::seconds(1)), Ripeness::Until(ripe_at));
        assert_eq!(ripeness(Some(registered), ripe_at), Ripeness::Ripe);
    }
}
