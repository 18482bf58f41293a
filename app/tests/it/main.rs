//! The panel over HTTP: real pages on a real PostgreSQL, asked for as a browser without scripts would.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod behaviour;
mod browser;
mod deliveries;
mod desks;
mod docs;
mod erasure;
mod instances;
mod live;
mod money;
mod pages;
mod past;
mod practices;
mod queue;
mod rebuild;
mod scope;
mod sign;
mod simulator;
mod system;
mod world;
