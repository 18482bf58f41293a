//! Operational state: sessions, links, counted attempts; and the look-up of claims. Not events: see the crate's documentation.

pub mod attempts;
pub mod claims;
pub mod links;
pub mod sessions;
