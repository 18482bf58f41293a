//! Black box: the API on a real port, real PostgreSQL behind it, the simulated WhatsApp, a real webhook receiver; spoken to with plain
//! HTTP, no types shared with the server.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a failed unwrap is a failed test; what is passed over is named"
)]

mod chats;
mod client;
mod contacts;
mod contract;
mod deliveries;
mod description;
mod directory;
mod errors;
mod events;
mod fuzz;
mod groups;
mod guards;
mod idempotency;
mod instance;
mod integrator;
mod ip_list;
mod kinds;
mod media;
mod outage;
mod profile;
mod queue;
mod quickstart;
mod received;
mod schema;
mod sequence;
mod settings;
mod shelf;
mod signature;
mod stream;
mod tags;
mod tolerance;
mod webhooks;
mod world;
