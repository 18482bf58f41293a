//! Black box: the API on a real port, real PostgreSQL behind it, the simulated WhatsApp, a real webhook receiver; spoken to with plain
//! HTTP, no types shared with the server.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a failed unwrap is a failed test; what is passed over is named"
)]

mod client;
mod contract;
mod description;
mod errors;
mod instance;
mod integrator;
mod kinds;
mod media;
mod outage;
mod queue;
mod quickstart;
mod received;
mod schema;
mod sequence;
mod shelf;
mod tolerance;
mod webhooks;
mod world;
