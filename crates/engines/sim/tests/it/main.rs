//! The simulated WhatsApp, the sender and the webhooks together on a real PostgreSQL, with a real HTTP receiver.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test; a process that dies is a panic")]

mod callbacks;
mod causes;
mod contents;
mod faults;
mod incoming;
mod isolation;
mod outgoing;
mod queue;
mod sending;
mod sessions;
mod told;
mod troubled;
mod webhooks;
mod world;
