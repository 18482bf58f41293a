//! When the next message of an instance may go out (plugzapi-api.md 2.2 and 4). Engines only execute.

use chrono::Duration;
use recado_kernel::{Rng, Timestamp};

/// How fast an instance may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacingPolicy {
    /// Shortest random gap, milliseconds.
    pub min_gap_ms: u64,
    /// Longest random gap, milliseconds.
    pub max_gap_ms: u64,
}

impl PacingPolicy {
    /// Are messages sent as fast as they can be (measurements, tests)? Then neither gaps nor typing nor wishes count.
    #[must_use]
    pub const fn is_off(self) -> bool {
        self.max_gap_ms == 0
    }
}

impl Default for PacingPolicy {
    /// Random 1–3 s, "to look human".
    fn default() -> Self {
        Self { min_gap_ms: 1_000, max_gap_ms: 3_000 }
    }
}

/// The delay a client asked for, in seconds: 0 or absent means "not given", everything else is brought into 1..=15 (plugzapi-api.md 2.2).
#[must_use]
pub fn clamp_delay(seconds: Option<i64>) -> Option<u8> {
    match seconds {
        None | Some(0) => None,
        Some(seconds) => u8::try_from(seconds.clamp(1, 15)).ok(),
    }
}

/// The wait after a message: what its sender asked for, or a random gap of the policy.
#[must_use]
pub fn gap(policy: PacingPolicy, delay_message: Option<u8>, rng: &mut dyn Rng) -> Duration {
    match delay_message {
        Some(seconds) => Duration::seconds(i64::from(seconds)),
        None => Duration::milliseconds(
            i64::try_from(rng.between(policy.min_gap_ms, policy.max_gap_ms.max(policy.min_gap_ms))).unwrap_or(3_000),
        ),
    }
}

/// Earliest moment for the message after one that went out at `sent_at`.
#[must_use]
pub fn next_allowed(policy: PacingPolicy, sent_at: Timestamp, delay_message: Option<u8>, rng: &mut dyn Rng) -> Timestamp {
    sent_at + gap(policy, delay_message, rng)
}

/// The gap that is to be expected after a message: what its sender asked for, or the middle of the policy's range.
#[must_use]
pub fn expected_gap(policy: PacingPolicy, delay_message: Option<u8>) -> Duration {
    let middle = policy.min_gap_ms.midpoint(policy.max_gap_ms.max(policy.min_gap_ms));
    match delay_message {
        _ if policy.is_off() => Duration::zero(),
        Some(seconds) => Duration::seconds(i64::from(seconds)),
        None => Duration::milliseconds(i64::try_from(middle).unwrap_or(2_000)),
    }
}

/// What stands between a queue's next step and one of its messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Seconds of typing: of all messages before it, and its own.
    pub typing_s: i64,
    /// Seconds that the messages before it asked for after themselves.
    pub given_s: i64,
    /// How many messages before it asked for nothing.
    pub ungiven: i64,
}

/// How long until a message goes out once its queue moves: an estimate, as the gaps are random.
#[must_use]
pub fn expected_wait(policy: PacingPolicy, ahead: Ahead) -> Duration {
    if policy.is_off() {
        return Duration::zero();
    }
    let seconds = ahead.typing_s.max(0).saturating_add(ahead.given_s.max(0));
    // A queue that takes centuries is shown as one that takes a hundred years.
    let longest = Duration::days(36_500);
    let gaps = expected_gap(policy, None).num_milliseconds().saturating_mul(ahead.ungiven.max(0));
    Duration::milliseconds(seconds.saturating_mul(1_000).saturating_add(gaps).min(longest.num_milliseconds()))
}

/// How long "typing…" is shown before a message goes out.
#[must_use]
pub fn typing_time(delay_typing: u8) -> Duration {
    Duration::seconds(i64::from(delay_typing.min(15)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use recado_kernel::SeededRng;

    #[test]
    fn a_wished_delay_replaces_the_random_gap() {
        let mut rng = SeededRng::new(3);
        assert_eq!(gap(PacingPolicy::default(), Some(15), &mut rng), Duration::seconds(15));
        assert_eq!(typing_time(4), Duration::seconds(4));
    }

    #[test]
    fn zero_means_absent_and_the_rest_is_clamped() {
        assert_eq!(clamp_delay(None), None);
        assert_eq!(clamp_delay(Some(0)), None);
        assert_eq!(clamp_delay(Some(-4)), Some(1));
        assert_eq!(clamp_delay(Some(7)), Some(7));
        assert_eq!(clamp_delay(Some(900)), Some(15));
    }

    proptest! {
        #[test]
        fn the_random_gap_stays_between_one_and_three_seconds(seed in any::<u64>()) {
            let mut rng = SeededRng::new(seed);
            let at = Timestamp::UNIX_EPOCH;
            let next = next_allowed(PacingPolicy::default(), at, None, &mut rng);
            prop_assert!((1_000..=3_000).contains(&(next - at).num_milliseconds()));
        }

        #[test]
        fn a_wish_is_kept_to_the_second_whatever_the_policy(seconds in 1_u8..=15, low in 0_u64..5_000, more in 1_u64..5_000, seed in any::<u64>()) {
            let policy = PacingPolicy { min_gap_ms: low, max_gap_ms: low + more };
            let at = Timestamp::UNIX_EPOCH;
            let next = next_allowed(policy, at, Some(seconds), &mut SeededRng::new(seed));
            prop_assert_eq!(next - at, Duration::seconds(i64::from(seconds)));
            prop_assert_eq!(expected_gap(policy, Some(seconds)), next - at);
            let random = gap(policy, None, &mut SeededRng::new(seed)).num_milliseconds();
            prop_assert!((i64::try_from(low).unwrap_or(0)..=i64::try_from(low + more).unwrap_or(0)).contains(&random));
        }

        /// What is expected of each message is what sending them one after the other takes, when every random gap is the middle one.
        #[test]
        fn the_forecast_is_the_sum_of_what_is_ahead(queue in prop::collection::vec((0_u8..=15, prop::option::of(1_u8..=15)), 1..40)) {
            let policy = PacingPolicy::default();
            let (mut at, mut ahead) = (Duration::zero(), Ahead::default());
            for (typing, delay) in queue {
                at += typing_time(typing);
                ahead.typing_s += i64::from(typing);
                prop_assert_eq!(expected_wait(policy, ahead), at);
                at += expected_gap(policy, delay);
                match delay {
                    Some(seconds) => ahead.given_s += i64::from(seconds),
                    None => ahead.ungiven += 1,
                }
            }
        }

        #[test]
        fn no_queue_is_too_long_for_a_forecast(typing_s in any::<i64>(), given_s in any::<i64>(), ungiven in any::<i64>()) {
            let ahead = Ahead { typing_s, given_s, ungiven };
            let wait = expected_wait(PacingPolicy::default(), ahead);
            prop_assert!(wait >= Duration::zero() && wait <= Duration::days(36_500));
            let off = PacingPolicy { min_gap_ms: 0, max_gap_ms: 0 };
            prop_assert_eq!(expected_wait(off, ahead), Duration::zero());
        }
    }
}
