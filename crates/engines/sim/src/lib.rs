//! The simulated WhatsApp: a real part of the product, and never WhatsApp. Virtual phones scan QR codes, receive, read and answer; some
//! numbers misbehave on purpose ([`Script`]). Everything is deterministic and lives in PostgreSQL (tables `sim_*`), so several processes may
//! drive it and a restart resumes.
//!
//! * [`SimEngine`] is the session engine the core talks to.
//! * [`Sim`] is the other side: what a person does with the phones, and what the simulated servers tell the core.

mod act;
mod conversation;
mod directory;
mod engine;
mod error;
mod files;
mod outgoing;
mod qr;
mod samples;
mod script;
mod session;
mod sim;
mod store;
mod tell;
mod views;
mod worker;

pub use act::{Draft, Hand};
pub use conversation::{MessageView, Quote, Reaction, Vote};
pub use engine::SimEngine;
pub use error::SimError;
pub use files::{NewFile, Pieces};
pub use samples::Sample;
pub use script::Script;
pub use sim::{ScanTarget, Sim};
pub use views::{ChatView, PhoneView};

/// Topic of the simulated servers' own work.
pub(crate) const TOPIC: &str = "sim";
