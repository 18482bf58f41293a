//! What follows from events and requests.

pub mod end_sessions;
pub mod requests;
