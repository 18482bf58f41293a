//! Local months and days as half-open intervals of UTC (billing.md 1.3). Zones come from tzdata, never from a fixed offset.

use chrono::{Duration, LocalResult, NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::Tz;
use recado_kernel::{Competencia, Timestamp};

/// A billing month in a zone: `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalMonth {
    /// Which month.
    pub competencia: Competencia,
    /// In which zone.
    pub zone: Tz,
    /// First instant.
    pub start: Timestamp,
    /// First instant of the next month: no longer part of this one.
    pub end: Timestamp,
}

/// A local day: `[start, end)`; 23 or 25 hours long when the clocks change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalDay {
    /// First instant.
    pub start: Timestamp,
    /// First instant of the next day.
    pub end: Timestamp,
}

impl LocalMonth {
    /// The bounds of `competencia` in `zone`.
    #[must_use]
    pub fn new(competencia: Competencia, zone: Tz) -> Self {
        Self {
            competencia,
            zone,
            start: first_instant(competencia.first_day(), zone),
            end: first_instant(competencia.next().first_day(), zone),
        }
    }

    /// The month that runs at `now`.
    #[must_use]
    pub fn containing(now: Timestamp, zone: Tz) -> Self {
        Self::new(Competencia::of_local(local_date(now, zone)), zone)
    }

    /// Is it over at `now`? An instant on the boundary belongs to the new month.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        now >= self.end
    }

    /// Does `[from, to)` touch the month for any positive length of time? `to = None` is for ever.
    #[must_use]
    pub fn touches(&self, from: Timestamp, to: Option<Timestamp>) -> bool {
        overlap(from, to, self.start, self.end)
    }

    /// Its days, in order.
    #[must_use]
    pub fn days(&self) -> Vec<LocalDay> {
        let starts: Vec<Timestamp> = self
            .competencia
            .first_day()
            .iter_days()
            .take_while(|date| *date <= self.competencia.last_day())
            .map(|date| first_instant(date, self.zone))
            .collect();
        let ends = starts.iter().copied().skip(1).chain([self.end]);
        starts.iter().copied().zip(ends).map(|(start, end)| LocalDay { start, end }).collect()
    }
}

/// The local date at an instant.
#[must_use]
pub fn local_date(at: Timestamp, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// The first instant of a local day: midnight, or the first instant after it where clocks jump over midnight.
#[must_use]
pub fn first_instant(date: NaiveDate, zone: Tz) -> Timestamp {
    let midnight = date.and_time(NaiveTime::MIN);
    for quarter in 0..96 {
        match zone.from_local_datetime(&(midnight + Duration::minutes(15 * quarter))) {
            LocalResult::Single(at) => return at.to_utc(),
            LocalResult::Ambiguous(first, second) => return first.min(second).to_utc(),
            LocalResult::None => {}
        }
    }
    midnight.and_utc()
}

/// Do `[from, to)` and `[start, end)` share any positive length of time?
pub(super) fn overlap(from: Timestamp, to: Option<Timestamp>, start: Timestamp, end: Timestamp) -> bool {
    let last = to.map_or(end, |to| to.min(end));
    from.max(start) < last
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use chrono_tz::America::Sao_Paulo;

    #[test]
    fn the_boundary_belongs_to_the_new_month() {
        for (instant, month) in [("2026-02-01T02:59:59Z", "2026-01"), ("2026-02-01T03:00:00Z", "2026-02")] {
            let found = LocalMonth::containing(instant.parse().unwrap(), Sao_Paulo);
            assert_eq!(found.competencia.to_string(), month);
        }
    }

    #[test]
    fn daylight_saving_of_the_past_is_honoured() {
        let november = LocalMonth::new("2018-11".parse().unwrap(), Sao_Paulo);
        assert_eq!(november.start.to_rfc3339(), "2018-11-01T03:00:00+00:00");
        assert_eq!(november.end.to_rfc3339(), "2018-12-01T02:00:00+00:00");
        // On 4 November 2018 the clocks jumped over midnight: the day starts at 01:00 and has 23 hours.
        let fourth = november.days()[3];
        assert_eq!((fourth.end - fourth.start).num_hours(), 23);
        assert_eq!(november.days().len(), 30);
    }
}
