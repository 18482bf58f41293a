//! The real binary, black box: command line, plain HTTP, real PostgreSQL, real webhook receivers.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failed unwrap is a failed test"
)]

mod archive;
mod audit;
mod backup;
mod bad_input;
mod catalogue;
mod erasure;
mod faults;
mod hostile;
mod journey;
mod keys;
mod metrics;
mod processes;
mod program;
mod projections;
mod secrets;
mod tools;
mod wire;
