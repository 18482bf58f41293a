//! Days on which Brazilian banks work (billing.md 1.12): the national calendar, Easter computed, plus extra closures.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Easter Sunday (Meeus, Gregorian). `None` outside chrono's range.
#[must_use]
pub fn easter(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, in_century) = (year.div_euclid(100), year.rem_euclid(100));
    let (leap_centuries, century_rest) = (century / 4, century % 4);
    let moon_shift = (century + 8) / 25;
    let moon_correction = (century - moon_shift + 1) / 3;
    let epact = (19 * golden + century - leap_centuries - moon_correction + 15) % 30;
    let (leap_years, year_rest) = (in_century / 4, in_century % 4);
    let to_sunday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7;
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let day_of_march = epact + to_sunday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(day_of_march / 31).ok()?, u32::try_from(day_of_march % 31 + 1).ok()?)
}

/// A national bank holiday?
#[must_use]
pub fn is_bank_holiday(date: NaiveDate) -> bool {
    let fixed = match (date.month(), date.day()) {
        (1 | 5, 1) | (4, 21) | (9, 7) | (10, 12) | (11, 2 | 15) | (12, 25) => true,
        (11, 20) => date.year() >= 2024,
        _ => false,
    };
    // Carnival Monday and Tuesday, Good Friday, Corpus Christi.
    fixed || easter(date.year()).is_some_and(|easter| [-48, -47, -2, 60].contains(&(date - easter).num_days()))
}

/// Do banks work on that day?
#[must_use]
pub fn is_business_day(date: NaiveDate, extra_closures: &BTreeSet<NaiveDate>) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !is_bank_holiday(date) && !extra_closures.contains(&date)
}

/// The day itself if banks work, else the next one on which they do.
#[must_use]
pub fn following_business_day(date: NaiveDate, extra_closures: &BTreeSet<NaiveDate>) -> NaiveDate {
    let mut day = date;
    while !is_business_day(day, extra_closures) {
        let Some(next) = day.checked_add_days(Days::new(1)) else { return day };
        day = next;
    }
    day
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_calendar_of_2026_has_its_thirteen_dates() {
        let holidays: Vec<String> =
            date("2026-01-01").iter_days().take(365).filter(|day| is_bank_holiday(*day)).map(|day| day.to_string()).collect();
        assert_eq!(
            holidays,
            [
                "2026-01-01",
                "2026-02-16",
                "2026-02-17",
                "2026-04-03",
                "2026-04-21",
                "2026-05-01",
                "2026-06-04",
                "2026-09-07",
                "2026-10-12",
                "2026-11-02",
                "2026-11-15",
                "2026-11-20",
                "2026-12-25"
            ]
        );
        assert!(!is_bank_holiday(date("2023-11-20")), "a national holiday from 2024");
    }

    #[test]
    fn movable_feasts_of_2027_and_2028() {
        for day in
            ["2027-02-08", "2027-02-09", "2027-03-26", "2027-05-27", "2028-02-28", "2028-02-29", "2028-04-14", "2028-06-15"]
        {
            assert!(is_bank_holiday(date(day)), "{day}");
        }
        assert!(!is_bank_holiday(date("2027-02-10")), "Ash Wednesday is a business day");
    }
}
