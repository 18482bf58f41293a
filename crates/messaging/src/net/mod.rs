//! Guarded outgoing connections to addresses that customers type: no way into the private network (SSRF), no redirects, no proxies from
//! the environment, bounded in time and size.

mod address;
mod get;
mod post;
#[cfg(test)]
mod tests;

pub use address::{AddressPolicy, ForbiddenTarget};
pub use get::{GetFailure, Getter, Got};
pub use post::{Answer, PostFailure, Poster};
