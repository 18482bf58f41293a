//! Who is calling (plugzapi-api.md 1.2): an instance by id and token in the path, or a partner by a bearer token.

mod address;
mod caller;
mod partner;

use axum::extract::RawPathParams;

pub use address::client_address;
pub use caller::Caller;
pub use partner::{Partner, PartnersInstance};

/// A segment of the path by its name in the pattern; empty when the pattern has none.
#[must_use]
pub fn path_value<'a>(path: &'a RawPathParams, name: &str) -> &'a str {
    path.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}
