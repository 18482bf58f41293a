//! The event store on a real PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod archive;
mod audit;
mod commands;
mod counter;
mod history;
mod limits;
mod migrations;
mod months;
mod note;
mod prune;
mod readers;
mod repair;
mod vault;
mod work;
