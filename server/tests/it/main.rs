//! The real binary, black box: command line, plain HTTP, real PostgreSQL, real webhook receivers.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod bad_input;
mod catalogue;
mod erasure;
mod faults;
mod journey;
mod keys;
mod program;
mod secrets;
mod tools;
