//! The event store on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod commands;
mod counter;
mod memory;
mod model;
mod paused;
mod readers;
mod vault;
mod work;
