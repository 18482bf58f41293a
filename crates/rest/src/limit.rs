//! A generous token bucket per instance, in memory: stops runaway loops before they reach the database.
//!
//! Asked after authentication (so only real instances have buckets) and before anything is stored: a 429 never hides a stored message.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use recado_kernel::{InstanceId, Timestamp};

use crate::RestSettings;

/// Full buckets are forgotten when there are more than this.
const KEPT: usize = 10_000;

/// The buckets of this process.
#[derive(Debug)]
pub struct RateLimit {
    burst: i64,
    per_second: i64,
    buckets: Mutex<HashMap<InstanceId, Bucket>>,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// Thousandths of a request.
    milli: i64,
    at: Timestamp,
}

impl RateLimit {
    /// Buckets as the settings say.
    #[must_use]
    pub fn new(settings: &RestSettings) -> Self {
        Self { burst: i64::from(settings.burst), per_second: i64::from(settings.requests_per_second), buckets: Mutex::default() }
    }

    /// Takes one request out of the instance's bucket; `false` when it is empty.
    pub fn allows(&self, instance: InstanceId, now: Timestamp) -> bool {
        if self.burst == 0 {
            return true;
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > KEPT {
            buckets.retain(|_, bucket| self.filled(*bucket, now).milli < self.burst * 1000);
        }
        let full = Bucket { milli: self.burst * 1000, at: now };
        let bucket = buckets.entry(instance).or_insert(full);
        *bucket = self.filled(*bucket, now);
        let allowed = bucket.milli >= 1000;
        if allowed {
            bucket.milli -= 1000;
        }
        allowed
    }

    fn filled(&self, bucket: Bucket, now: Timestamp) -> Bucket {
        let elapsed = (now - bucket.at).num_milliseconds().max(0);
        let won = elapsed.saturating_mul(self.per_second);
        Bucket { milli: bucket.milli.saturating_add(won).min(self.burst * 1000), at: now }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use chrono::Duration;

    #[test]
    fn a_burst_then_the_steady_rate() {
        let limit = RateLimit::new(&RestSettings { burst: 3, requests_per_second: 2, ..RestSettings::default() });
        let now: Timestamp = "2026-10-05T12:00:00Z".parse().unwrap();
        let one = InstanceId::from_uuid(uuid::Uuid::from_u128(1));
        let other = InstanceId::from_uuid(uuid::Uuid::from_u128(2));
        let taken = |at: Timestamp| (0..5).filter(|_| limit.allows(one, at)).count();
        assert_eq!(taken(now), 3);
        assert!(limit.allows(other, now));
        assert_eq!(taken(now + Duration::milliseconds(1000)), 2);
        assert_eq!(taken(now), 0, "a clock that goes back gives nothing");
        assert_eq!(taken(now + Duration::hours(1)), 3, "never more than the burst");
    }

    #[test]
    fn zero_switches_it_off() {
        let limit = RateLimit::new(&RestSettings { burst: 0, ..RestSettings::default() });
        let one = InstanceId::from_uuid(uuid::Uuid::from_u128(1));
        assert!((0..1000).all(|_| limit.allows(one, Timestamp::UNIX_EPOCH)));
    }
}
