//! The core of messaging on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod golden;
mod isolation;
mod keeping;
mod media;
mod messages;
mod sessions;
mod stage;
mod subscriptions;
