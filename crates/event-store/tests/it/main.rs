//! The event store on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod balance;
mod commands;
mod counter;
mod lanes;
mod leases;
mod readers;
mod rebuild;
mod vault;
mod work;
