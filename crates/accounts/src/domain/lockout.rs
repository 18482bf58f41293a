//! When too many wrong attempts close a door for a while. Pure: the times come in, the answer comes out.

use chrono::Duration;
use recado_kernel::Timestamp;

/// How many failures within which window close the door, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lockout {
    /// This many failures …
    pub failures: usize,
    /// … within this time …
    pub window: Duration,
    /// … close the door for this long after the last of them.
    pub closed_for: Duration,
}

/// Wrong passwords for one e-mail address: ten in 15 minutes. At most forty guesses an hour, which a password of ten characters
/// survives; a person who mistypes waits a quarter of an hour or asks for a new password, which opens the door at once.
pub const PER_EMAIL: Lockout = Lockout { failures: 10, window: Duration::minutes(15), closed_for: Duration::minutes(15) };

/// Wrong passwords from one address of origin: generous, because offices share one.
pub const PER_IP: Lockout = Lockout { failures: 50, window: Duration::minutes(15), closed_for: Duration::minutes(15) };

/// Mails somebody may have sent to one address.
pub const MAILS: Lockout = Lockout { failures: 5, window: Duration::hours(1), closed_for: Duration::hours(1) };

impl Lockout {
    /// Until when the door is closed, given the latest failures, newest first (at least [`Self::failures`] of them, if there were as
    /// many). `None`: it is open.
    #[must_use]
    pub fn closed_until(&self, newest_first: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
        let newest = newest_first.first()?;
        let oldest_that_counts = newest_first.get(self.failures.checked_sub(1)?)?;
        let until = *newest + self.closed_for;
        (*newest - *oldest_that_counts <= self.window && until > now).then_some(until)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_timestamp(1_790_000_000 + minute * 60, 0).unwrap()
    }

    #[test]
    fn the_tenth_failure_closes_the_door_for_a_quarter_of_an_hour() {
        let nine: Vec<_> = (0..9).rev().map(at).collect();
        assert_eq!(PER_EMAIL.closed_until(&nine, at(9)), None);
        let ten: Vec<_> = (0..10).rev().map(at).collect();
        assert_eq!(PER_EMAIL.closed_until(&ten, at(9)), Some(at(24)));
        assert_eq!(PER_EMAIL.closed_until(&ten, at(23)), Some(at(24)));
        assert_eq!(PER_EMAIL.closed_until(&ten, at(24)), None);
    }

    #[test]
    fn slow_failures_never_close_it() {
        let slow: Vec<_> = (0..20).rev().map(|n| at(n * 2)).collect();
        assert_eq!(PER_EMAIL.closed_until(&slow, at(38)), None);
    }

    #[test]
    fn after_the_wait_one_more_failure_does_not_close_it_again() {
        let mut times = vec![at(25)];
        times.extend((0..10).rev().map(at));
        assert_eq!(PER_EMAIL.closed_until(&times, at(25)), None);
    }
}
