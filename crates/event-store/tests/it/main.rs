//! The event store on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod archive;
mod audit;
mod balance;
mod commands;
mod counter;
mod crashes;
mod held_rows;
mod history;
mod lanes;
mod leases;
mod limits;
mod memory;
mod migrations;
mod model;
mod months;
mod note;
mod paused;
mod processes;
mod prune;
mod readers;
mod rebuild;
mod repair;
mod rotation;
mod upcasting;
mod vault;
mod work;
