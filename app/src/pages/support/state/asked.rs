//! What the page is asked: after which event, or at which moment on the clock of São Paulo.

use chrono::{Duration, NaiveDateTime, TimeZone as _};
use chrono_tz::America::Sao_Paulo;
use recado_event_store::history::At;
use recado_kernel::Timestamp;
use serde::Deserialize;

use crate::words::Words;

/// The query.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    /// Kind of thing.
    #[serde(default)]
    pub tipo: String,
    /// Its id.
    #[serde(default)]
    pub de: String,
    /// After this event.
    #[serde(default)]
    pub n: Option<i64>,
    /// At this moment.
    #[serde(default)]
    pub em: String,
    /// Compared with this moment.
    #[serde(default)]
    pub com: String,
}

/// A point in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// After the event with this sequence; 0 is before the first.
    After(i64),
    /// At the end of this minute or second.
    Moment(Timestamp),
    /// As it is.
    Now,
}

impl Asked {
    /// What to show.
    pub fn point(&self) -> Point {
        match (moment(&self.em), self.n) {
            (Some(at), _) => Point::Moment(at),
            (None, Some(n)) => Point::After(n),
            (None, None) => Point::Now,
        }
    }

    /// What to compare it with: the moment asked for, or what was before the event.
    pub fn compared(&self) -> Option<Point> {
        match (moment(&self.com), self.point()) {
            (Some(at), _) => Some(Point::Moment(at)),
            (None, Point::After(n)) => Some(Point::After(n - 1)),
            (None, _) => None,
        }
    }
}

impl Point {
    /// For the log.
    pub const fn at(self) -> At {
        match self {
            Self::After(n) => At::Sequence(n),
            Self::Moment(at) => At::Moment(at),
            Self::Now => At::Sequence(i64::MAX),
        }
    }

    /// In words.
    pub fn named(self, words: Words) -> String {
        match self {
            Self::After(0) => words.t("state.before_first").to_owned(),
            Self::After(n) => words.with("state.after", &[("sequence", &n.to_string())]),
            Self::Moment(at) => words.with("state.moment", &[("moment", &words.exact_moment(at))]),
            Self::Now => words.t("state.now").to_owned(),
        }
    }
}

/// As `datetime-local` sends it. A minute or a second is meant whole: what happened in it counts.
fn moment(text: &str) -> Option<Timestamp> {
    let (at, whole) = match NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M") {
        Ok(at) => (at, Duration::minutes(1)),
        Err(_) => (NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok()?, Duration::seconds(1)),
    };
    let end = Sao_Paulo.from_local_datetime(&at).earliest()?.to_utc().checked_add_signed(whole)?;
    end.checked_sub_signed(Duration::microseconds(1))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_meant_whole_and_on_the_clock_of_sao_paulo() {
        let expected: Timestamp = "2026-10-05T12:30:59.999999Z".parse().unwrap();
        assert_eq!(moment("2026-10-05T09:30"), Some(expected));
        assert_eq!(moment("2026-10-05T09:30:59"), Some(expected));
        assert_eq!(moment("ontem"), None);
    }

    #[test]
    fn an_event_is_compared_with_what_was_before_it() {
        let asked = Asked { n: Some(3), ..Asked::default() };
        assert_eq!((asked.point(), asked.compared()), (Point::After(3), Some(Point::After(2))));
        assert_eq!(Asked::default().compared(), None);
    }
}
