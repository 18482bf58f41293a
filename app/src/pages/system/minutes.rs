//! The last hour, minute by minute: pure.

use chrono::Duration;
use recado_event_store::health::Sample;
use recado_kernel::Timestamp;

/// How many minutes are shown.
pub const MINUTES: usize = 60;

/// One minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minute {
    /// Events stored in it.
    pub events: i64,
    /// The largest lag seen in it.
    pub lag: i64,
}

/// The minutes before `now`, oldest first; `None` where nothing was measured.
pub fn minutes(samples: &[Sample], now: Timestamp) -> [Option<Minute>; MINUTES] {
    let mut minutes = [None; MINUTES];
    let mut before: Option<&Sample> = None;
    for sample in samples {
        if let Some(minute) = slot(sample.at, now).and_then(|slot| minutes.get_mut(slot)) {
            let minute: &mut Minute = minute.get_or_insert_default();
            minute.events += before.map_or(0, |before| (sample.positions - before.positions).max(0));
            minute.lag = minute.lag.max(sample.lag_events);
        }
        before = Some(sample);
    }
    minutes
}

/// Five minutes each, for the table: (minutes before now at which it begins, what happened).
pub fn fives(minutes: &[Option<Minute>; MINUTES]) -> Vec<(usize, Minute)> {
    let parts = minutes.chunks(5).enumerate();
    parts
        .filter_map(|(n, part)| {
            let measured: Vec<&Minute> = part.iter().flatten().collect();
            let sum = Minute {
                events: measured.iter().map(|minute| minute.events).sum(),
                lag: measured.iter().map(|minute| minute.lag).max().unwrap_or_default(),
            };
            (!measured.is_empty()).then_some((MINUTES - n * 5, sum))
        })
        .collect()
}

fn slot(at: Timestamp, now: Timestamp) -> Option<usize> {
    let ago = usize::try_from((now - at).max(Duration::zero()).num_minutes()).ok()?;
    (MINUTES - 1).checked_sub(ago)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds, 0).unwrap_or_default()
    }

    fn sample(seconds: i64, positions: i64, lag_events: i64) -> Sample {
        Sample { at: at(seconds), positions, lag_events, due: 0 }
    }

    #[test]
    fn samples_fall_into_their_minutes() {
        let samples = [sample(0, 100, 0), sample(10, 130, 9), sample(20, 150, 4), sample(75, 151, 0)];
        let minutes = minutes(&samples, at(80));
        assert_eq!(minutes[58], Some(Minute { events: 50, lag: 9 }), "the first sample has nothing to compare with");
        assert_eq!(minutes[59], Some(Minute { events: 1, lag: 0 }));
        assert_eq!(minutes[57], None);
        assert_eq!(fives(&minutes), [(5, Minute { events: 51, lag: 9 })]);
    }

    #[test]
    fn nothing_and_too_old_are_nothing() {
        assert!(minutes(&[], at(0)).iter().all(Option::is_none));
        assert!(minutes(&[sample(0, 1, 1)], at(3_600)).iter().all(Option::is_none));
        assert!(fives(&[None; MINUTES]).is_empty());
    }
}
