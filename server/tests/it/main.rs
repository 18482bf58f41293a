//! The real binary, black box: command line, plain HTTP, real PostgreSQL, real webhook receivers.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod archive;
mod audit;
mod backup;
mod bad_input;
mod catalogue;
mod erasure;
mod faults;
mod journey;
mod keys;
mod metrics;
mod processes;
mod program;
mod projections;
mod secrets;
mod tools;
