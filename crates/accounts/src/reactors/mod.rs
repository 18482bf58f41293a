//! What follows from events and requests.

pub mod destroy_keys;
pub mod end_sessions;
pub mod requests;
