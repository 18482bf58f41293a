//! Pure rules: no I/O, no clock, no randomness of its own. Now, ids, sealed texts and digests come inside the commands.

pub mod guard_policy;
pub mod guards;
pub mod instance;
pub mod instance_guard;
pub mod message;
pub mod opt_out;
pub mod pacing;
