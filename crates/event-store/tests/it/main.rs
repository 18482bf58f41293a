//! The event store on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod audit;
mod commands;
mod counter;
mod history;
mod readers;
mod vault;
mod work;
