//! Pure rules: no I/O, no clock, no randomness of its own. Now, ids, sealed texts and digests come inside the commands.

pub mod instance;
pub mod message;
pub mod pacing;
