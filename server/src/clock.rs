//! The real clock and the operating system's randomness: the only places that ask for either.

use chrono::Duration;
use recado_kernel::{Clock, Rng, Timestamp};

/// The system's clock, shifted by a fixed offset in development.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    offset: Duration,
}

impl SystemClock {
    /// `offset` is zero in production.
    pub const fn shifted_by(offset: Duration) -> Self {
        Self { offset }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let micros = i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX);
        // Whole microseconds: what PostgreSQL keeps, so that a stored moment equals itself.
        Timestamp::from_timestamp_micros(micros).unwrap_or_default() + self.offset
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy)]
pub struct OsRandom;

impl Rng for OsRandom {
    #[expect(clippy::panic, reason = "without randomness no key or token may be made; there is nothing to go on with")]
    fn fill(&mut self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            panic!("the operating system gives no random bytes: {error}");
        }
    }
}

/// Parses `49h`, `90m`, `2d`, `45s`, `-1h`.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn parse_offset(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a time span: write for example 49h, 90m, 2d or -30s");
    let text = text.trim();
    let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let number: i64 = number.parse().map_err(|_| wrong())?;
    let span = match unit {
        "s" => Duration::try_seconds(number),
        "m" => Duration::try_minutes(number),
        "h" => Duration::try_hours(number),
        "d" => Duration::try_days(number),
        _ => None,
    };
    span.filter(|span| span.num_days().abs() <= 3_660).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_spans_as_people_write_them() {
        assert_eq!(parse_offset("49h"), Ok(Duration::hours(49)));
        assert_eq!(parse_offset("-30s"), Ok(Duration::seconds(-30)));
        for bad in ["", "h", "49", "49x", "999999999d", "ç"] {
            assert!(parse_offset(bad).is_err(), "{bad}");
        }
    }
}
