//! Billing on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod closing;
mod golden;
mod isolation;
mod months;
mod restored;
mod settling;
mod story;
