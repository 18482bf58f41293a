//! The month of one account (id `{account}/{YYYY-MM}`). It closes once, when it is over; closing again changes nothing (billing.md 1.10).

mod command;
mod error;
mod event;
mod state;
#[cfg(test)]
mod tests;

pub use command::{AccountMonthCommand, CloseMonth};
pub use error::AccountMonthError;
pub use event::{AccountMonthEvent, MonthClosed};
pub use state::{AccountMonth, aggregate_id};
