//! The part of a history somebody asks for.

use chrono::{Days, NaiveDate, NaiveTime, TimeZone as _};
use chrono_tz::America::Sao_Paulo;
use recado_kernel::Timestamp;

/// From when to when, by the moment the log learnt of an event (`recorded_at`). Open ends are allowed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// First moment.
    pub from: Option<Timestamp>,
    /// First moment that does not belong to it any more.
    pub until: Option<Timestamp>,
}

/// Not a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPeriod {
    /// The beginning cannot be read.
    #[error("the beginning must be a date like 2026-10-01 or a moment like 2026-10-01T08:00:00-03:00")]
    From,
    /// The end cannot be read.
    #[error("the end must be a date like 2026-10-31 or a moment like 2026-10-31T18:00:00-03:00")]
    Until,
    /// It ends before it begins.
    #[error("the period ends before it begins")]
    Backwards,
}

impl Period {
    /// From texts: dates are whole days in São Paulo, both included; moments are RFC 3339, the end included to the second. Empty texts
    /// leave that end open.
    ///
    /// # Errors
    /// See [`InvalidPeriod`].
    pub fn parse(from: &str, until: &str) -> Result<Self, InvalidPeriod> {
        let period = Self {
            from: given(from).map(|text| begin(text).ok_or(InvalidPeriod::From)).transpose()?,
            until: given(until).map(|text| end(text).ok_or(InvalidPeriod::Until)).transpose()?,
        };
        match (period.from, period.until) {
            (Some(from), Some(until)) if until <= from => Err(InvalidPeriod::Backwards),
            _ => Ok(period),
        }
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn begin(text: &str) -> Option<Timestamp> {
    match text.parse::<NaiveDate>() {
        Ok(day) => midnight(day),
        Err(_) => moment(text),
    }
}

fn end(text: &str) -> Option<Timestamp> {
    match text.parse::<NaiveDate>() {
        Ok(day) => midnight(day.checked_add_days(Days::new(1))?),
        Err(_) => moment(text)?.checked_add_signed(chrono::Duration::seconds(1)),
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc())
}

/// The first moment of a day; where the clock jumped over midnight, the first after the jump.
fn midnight(day: NaiveDate) -> Option<Timestamp> {
    let midnight = day.and_time(NaiveTime::MIN);
    let later = midnight.checked_add_signed(chrono::Duration::hours(1))?;
    let local = Sao_Paulo.from_local_datetime(&midnight).earliest();
    local.or_else(|| Sao_Paulo.from_local_datetime(&later).earliest()).map(|at| at.to_utc())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn days_are_whole_and_those_of_sao_paulo() {
        let october = Period::parse("2026-10-01", "2026-10-31").unwrap();
        assert_eq!(october, Period { from: at("2026-10-01T03:00:00Z"), until: at("2026-11-01T03:00:00Z") });
        let summer_time = Period::parse("2018-11-04", "2018-11-04").unwrap();
        assert_eq!(summer_time, Period { from: at("2018-11-04T03:00:00Z"), until: at("2018-11-05T02:00:00Z") });
    }

    #[test]
    fn moments_and_open_ends_work_and_nonsense_is_named() {
        let period = Period::parse("2026-10-01T08:00:00-03:00", "").unwrap();
        assert_eq!(period, Period { from: at("2026-10-01T11:00:00Z"), until: None });
        assert_eq!(Period::parse("", " ").unwrap(), Period::default());
        assert_eq!(Period::parse("1/10/2026", "").unwrap_err(), InvalidPeriod::From);
        assert_eq!(Period::parse("", "amanhã").unwrap_err(), InvalidPeriod::Until);
        assert_eq!(Period::parse("2026-10-02", "2026-10-01").unwrap_err(), InvalidPeriod::Backwards);
    }
}
