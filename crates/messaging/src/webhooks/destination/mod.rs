//! Receivers: who is well, who is not, and how much of us each may take. A destination is an account's origin (scheme, host and port): what
//! breaks is a server, not a path.

pub(crate) mod breaker;
pub(crate) mod places;
#[cfg(test)]
mod properties;
pub(crate) mod row;
mod view;

use recado_kernel::AccountId;
use url::Url;

pub use view::{Circuit, DestinationView};

/// One receiver of one account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Destination {
    pub account: AccountId,
    pub origin: String,
}

impl Destination {
    pub(crate) fn of(account: AccountId, url: &str) -> Self {
        Self { account, origin: origin_of(url) }
    }
}

/// Scheme, host and port; the text itself when it is no URL.
pub(crate) fn origin_of(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}
