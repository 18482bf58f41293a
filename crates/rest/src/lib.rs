//! The REST API: what clients of PlugZapi and Z-API speak, on our use cases (plugzapi-api.md).
//!
//! [`router`] is the whole face. A request goes: tidy the URL ([`url`]) → find the route ([`routes`], [`catalogue`]) → who is it
//! ([`auth`]) → slow down runaways ([`limit`]) → read the fields ([`body`], [`query`]) → one use case of `accounts` or `messaging` →
//! [`answer`] or [`RestError`]. One endpoint is one file below `routes/`, with its description ([`describe`]) beside it.

pub mod answer;
pub mod auth;
pub mod body;
pub mod catalogue;
pub mod describe;
pub mod error;
pub mod idempotency;
pub mod limit;
mod media;
pub mod qr_png;
pub mod query;
pub mod routes;
mod serve;
pub mod settings;
mod state;
pub mod url;

pub use describe::Description;
pub use error::RestError;
pub use media::media_router;
pub use serve::{router, unknown_route};
pub use settings::RestSettings;
pub use state::RestState;
