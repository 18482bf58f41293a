//! The event store on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod commands;
mod counter;
mod readers;
mod rotation;
mod upcasting;
mod vault;
mod work;
