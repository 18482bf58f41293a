//! Black box: the API on a real port, real PostgreSQL behind it, the simulated WhatsApp, a real webhook receiver; spoken to with plain
//! HTTP, no types shared with the server.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod client;
mod errors;
mod instance;
mod integrator;
mod kinds;
mod media;
mod outage;
mod queue;
mod received;
mod sequence;
mod shelf;
mod tolerance;
mod webhooks;
mod world;
