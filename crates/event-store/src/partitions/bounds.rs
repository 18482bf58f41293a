//! A month as a range of ids.

use chrono::{DateTime, NaiveTime, Utc};
use recado_kernel::{Competencia, Timestamp};

/// A calendar month; here always in UTC, as ids are.
pub type Month = Competencia;

/// The first instant of a month, UTC.
#[must_use]
pub fn first_moment(month: Month) -> Timestamp {
    month.first_day().and_time(NaiveTime::MIN).and_utc()
}

/// The month a moment lies in, UTC.
#[must_use]
pub fn month_at(moment: Timestamp) -> Month {
    Month::of_local(moment.date_naive())
}

/// The smallest text, by bytes, that an id made in `month` can have: the 48 bits of its first millisecond, as a UUID writes them.
#[must_use]
pub fn first_id(month: Month) -> String {
    let hex = format!("{:012x}", first_moment(month).timestamp_millis());
    let (high, low) = hex.split_at(8);
    format!("{high}-{low}")
}

/// The month an id (or the beginning of one, as [`first_id`] writes it) was made in. Only ids of version 7 carry a time; of any other the
/// answer is the month in whose range it happens to lie, as for PostgreSQL.
#[must_use]
pub fn month_of_id(id: &str) -> Option<Month> {
    let hex: String = id.get(..13)?.chars().filter(char::is_ascii_hexdigit).collect();
    let millis = i64::from_str_radix(&hex, 16).ok()?;
    let moment: DateTime<Utc> = DateTime::from_timestamp_millis(millis)?;
    Some(month_at(moment))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use recado_kernel::{MessageId, SeededRng};

    use super::*;

    #[test]
    fn a_month_is_exactly_the_range_of_the_ids_made_in_it() {
        let mut rng = SeededRng::new(3);
        let month: Month = "2026-11".parse().unwrap();
        let (from, to) = (first_id(month), first_id(month.next()));
        let mut id = |moment: &str| MessageId::new(moment.parse().unwrap(), &mut rng).to_string();
        let inside = [id("2026-11-01T00:00:00Z"), id("2026-11-15T12:00:00Z"), id("2026-11-30T23:59:59.999Z")];
        let outside = [id("2026-10-31T23:59:59.999Z"), id("2026-12-01T00:00:00Z")];
        for id in &inside {
            assert!(from.as_str() <= id.as_str() && id.as_str() < to.as_str(), "{id}");
            assert_eq!(month_of_id(id), Some(month));
        }
        for id in &outside {
            assert!(id.as_str() < from.as_str() || id.as_str() >= to.as_str(), "{id}");
            assert_ne!(month_of_id(id), Some(month));
        }
        assert_eq!(month_of_id(&from), Some(month));
        assert_eq!(month_of_id("short"), None);
    }

    #[test]
    fn months_are_utc() {
        assert_eq!(month_at("2026-12-31T23:59:59Z".parse().unwrap()).to_string(), "2026-12");
        assert_eq!(first_moment("2027-01".parse().unwrap()).to_rfc3339(), "2027-01-01T00:00:00+00:00");
    }
}
