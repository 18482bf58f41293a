//! The due date in four digits (billing.md 3.3): days since 1997-10-07, which ran to 9999 on 2025-02-21 and began again at 1000 on the
//! day after. What a factor means depends on when it is read.

use chrono::{Days, Duration, NaiveDate};

use super::BoletoError;

/// Days of one round: 1000 to 9999.
const ROUND: u64 = 9_000;
/// How far back and ahead of the day of reading a due date may lie.
const BACK: i64 = 3_000;
const AHEAD: i64 = 5_500;

/// What a factor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueDate {
    /// 0000: the boleto has no due date.
    None,
    /// Due on that day.
    On(NaiveDate),
    /// A factor that means no day near the day of reading ("vencimento indefinido").
    Undefined,
}

/// The factor of a due date.
///
/// # Errors
/// [`BoletoError::TooEarly`] before 2000-07-03, where factors begin.
pub fn factor(due: NaiveDate) -> Result<u16, BoletoError> {
    let round = u64::try_from((due - base()).num_days() - 1_000).map_err(|_| BoletoError::TooEarly(due))? % ROUND;
    u16::try_from(round + 1_000).map_err(|_| BoletoError::TooEarly(due))
}

/// What `factor` means on the day `read_on`: the date no more than 3,000 days before and 5,500 after it.
#[must_use]
pub fn decode_factor(factor: u16, read_on: NaiveDate) -> DueDate {
    match factor {
        0 => DueDate::None,
        1..=999 => DueDate::Undefined,
        _ => (0..)
            .map_while(|round| base().checked_add_days(Days::new(u64::from(factor) + ROUND * round)))
            .take_while(|date| *date <= ahead_of(read_on))
            .find(|date| (*date - read_on).num_days() >= -BACK)
            .map_or(DueDate::Undefined, DueDate::On),
    }
}

fn ahead_of(read_on: NaiveDate) -> NaiveDate {
    read_on.checked_add_signed(Duration::days(AHEAD)).unwrap_or(NaiveDate::MAX)
}

/// 1997-10-07.
fn base() -> NaiveDate {
    NaiveDate::from_ymd_opt(1997, 10, 7).unwrap_or_default()
}
