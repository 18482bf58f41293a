//! The billing month (competência): a half-open local month turned into UTC by the caller's zone (billing.md 1.3).

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// A calendar month such as `2026-10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Competencia {
    year: i32,
    month: u32,
}

/// A text that is not `YYYY-MM`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a billing month is written YYYY-MM, for example 2026-10")]
pub struct InvalidCompetencia;

impl Competencia {
    /// Years 2000 to 2199.
    ///
    /// # Errors
    /// Month outside 1..=12 or year outside the range.
    pub fn new(year: i32, month: u32) -> Result<Self, InvalidCompetencia> {
        if (2000..=2199).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(InvalidCompetencia)
        }
    }

    /// The month of a local date. Dates outside 2000..=2199 are clamped to the range.
    #[must_use]
    pub fn of_local(date: NaiveDate) -> Self {
        Self { year: date.year().clamp(2000, 2199), month: date.month() }
    }

    /// Calendar year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// Calendar month, 1..=12.
    #[must_use]
    pub const fn month(self) -> u32 {
        self.month
    }

    /// The month after.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 { Self { year: self.year + 1, month: 1 } } else { Self { year: self.year, month: self.month + 1 } }
    }

    /// The month before.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.month == 1 { Self { year: self.year - 1, month: 12 } } else { Self { year: self.year, month: self.month - 1 } }
    }

    /// Local first day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Local last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.next().first_day().pred_opt().unwrap_or(NaiveDate::MIN)
    }

    /// `10/2026`, as Brazilians write it.
    #[must_use]
    pub fn to_brazilian(self) -> String {
        format!("{:02}/{:04}", self.month, self.year)
    }
}

impl fmt::Display for Competencia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Competencia {
    type Err = InvalidCompetencia;
    fn from_str(text: &str) -> Result<Self, InvalidCompetencia> {
        let (year, month) = text.trim().split_once('-').ok_or(InvalidCompetencia)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(InvalidCompetencia);
        }
        Self::new(year.parse().map_err(|_| InvalidCompetencia)?, month.parse().map_err(|_| InvalidCompetencia)?)
    }
}

impl TryFrom<String> for Competencia {
    type Error = InvalidCompetencia;
    fn try_from(text: String) -> Result<Self, InvalidCompetencia> {
        text.parse()
    }
}

impl From<Competencia> for String {
    fn from(month: Competencia) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn walks_over_the_turn_of_the_year() {
        let december: Competencia = "2026-12".parse().unwrap();
        assert_eq!(december.next().to_string(), "2027-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!(december.last_day(), NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
        assert!("2026-13".parse::<Competencia>().is_err());
        assert!("26-1".parse::<Competencia>().is_err());
    }
}
