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
    }
}
