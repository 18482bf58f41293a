//! The simulated WhatsApp, the sender and the webhooks together on a real PostgreSQL, with a real HTTP receiver.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod causes;
mod faults;
mod isolation;
mod queue;
mod sending;
mod sessions;
mod troubled;
mod webhooks;
mod world;
