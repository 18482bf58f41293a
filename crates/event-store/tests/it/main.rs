//! The event store on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod balance;
mod commands;
mod counter;
mod crashes;
mod lanes;
mod leases;
mod memory;
mod model;
mod paused;
mod processes;
mod readers;
mod rebuild;
mod vault;
mod work;
