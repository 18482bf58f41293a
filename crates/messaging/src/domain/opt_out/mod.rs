//! One contact of an account that asked not to be written to any more.
//!
//! Protects: a contact leaves once and comes back once, whatever is repeated; the proof (which message, which word, when) stays; what is
//! sent to it is refused from the very commit on, because the digests of every way its number is written are claims in
//! [`OPTED_OUT`] that come and go with the events.

mod event;
mod state;
#[cfg(test)]
mod tests;

pub use event::{OptOutEvent, Source};
pub use state::{Asked, OptOut, OptOutCommand, OptOutError};

/// Claim scope of the digests of contacts that are out; the owner is the aggregate.
pub const OPTED_OUT: &str = "opted_out";
