//! Where a call comes from (plugzapi-api.md 1.2). The socket tells; `X-Forwarded-For` is believed only from the operator's own proxies, for
//! everybody can send that header.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::request::Parts;
use ipnet::IpNet;
use recado_kernel::AccountId;

use crate::{RestError, RestState};

/// The caller's address; `None` when it is not known (the server was started without it, or a proxy of ours says nonsense).
#[must_use]
pub fn client_address(parts: &Parts, proxies: &[IpNet]) -> Option<IpAddr> {
    let ConnectInfo(socket) = parts.extensions.get::<ConnectInfo<SocketAddr>>()?;
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().map(|value| value.to_str().unwrap_or("?"));
    first_stranger(socket.ip(), &forwarded.collect::<Vec<_>>().join(","), proxies)
}

/// The last hop that is none of our proxies: each proxy adds the address it saw at the end.
fn first_stranger(socket: IpAddr, forwarded: &str, proxies: &[IpNet]) -> Option<IpAddr> {
    let ours = |address: &IpAddr| proxies.iter().any(|net| net.contains(address));
    let mut seen = socket.to_canonical();
    let mut hops = forwarded.rsplit(',').map(str::trim).filter(|hop| !hop.is_empty());
    while ours(&seen) {
        match hops.next() {
            Some(hop) => seen = hop.parse::<IpAddr>().ok()?.to_canonical(),
            None => break,
        }
    }
    Some(seen)
}

/// Refuses a call that comes from elsewhere than the account allows.
///
/// # Errors
/// `<ip> not allowed`; the database.
pub async fn require_allowed(parts: &Parts, state: &RestState, account: AccountId) -> Result<(), RestError> {
    let address = client_address(parts, &state.settings.trusted_proxies);
    if state.accounts.allows_address(account, address).await? {
        return Ok(());
    }
    Err(RestError::AddressNotAllowed(address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn only_our_proxies_are_believed() {
        let proxies: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let seen = |socket: &str, forwarded: &str| first_stranger(socket.parse().unwrap(), forwarded, &proxies);
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        assert_eq!(seen("203.0.113.7", "198.51.100.1"), address("203.0.113.7"), "a stranger says what it likes");
        assert_eq!(seen("10.0.0.1", "198.51.100.1"), address("198.51.100.1"));
        assert_eq!(
            seen("10.0.0.1", "192.0.2.9, 198.51.100.1, 10.0.0.2"),
            address("198.51.100.1"),
            "what it added itself counts not"
        );
        assert_eq!(seen("10.0.0.1", ""), address("10.0.0.1"));
        assert_eq!(seen("10.0.0.1", "nonsense"), None);
        assert_eq!(seen("::ffff:203.0.113.7", ""), address("203.0.113.7"));
    }
}
