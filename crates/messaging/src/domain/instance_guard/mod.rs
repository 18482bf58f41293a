//! The guards of one number: warm-up, the 24-hour rule, what a person checked.
//!
//! Protects: in mode "enforce" a day has exactly as many new contacts as its allowance, however many requests come at once and in however
//! many processes; the same contact counts once a day; checking twice is checking once.

mod event;
mod state;
#[cfg(test)]
mod tests;

pub use event::InstanceGuardEvent;
pub use state::{InstanceGuard, InstanceGuardAction, InstanceGuardCommand, InstanceGuardError};
