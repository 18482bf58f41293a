//! Which addresses may be called.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The rule for customers' addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressPolicy {
    /// Permits `http://` and loopback (`RECADO_ALLOW_LOCAL_WEBHOOKS=1`), for local work and tests. Private networks stay closed.
    pub allow_local: bool,
}

/// Why an address is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForbiddenTarget {
    /// Not a URL with a host.
    #[error("the URL is not valid")]
    Malformed,
    /// Neither https nor permitted http.
    #[error("the URL must begin with https://")]
    Scheme,
    /// A private, local or otherwise special address.
    #[error("the address is not public")]
    NotPublic,
    /// The name has no address.
    #[error("the host name has no address")]
    Unresolvable,
}

impl AddressPolicy {
    /// May this address be connected to?
    #[must_use]
    pub fn permits(self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(v4) => is_public_v4(v4) || (self.allow_local && v4.is_loopback()),
            IpAddr::V6(v6) => match embedded_v4(v6) {
                Some(v4) => self.permits(IpAddr::V4(v4)),
                None => is_public_v6(v6) || (self.allow_local && v6.is_loopback()),
            },
        }
    }

    /// Checks everything that the URL alone tells; the addresses behind a name are checked when it is resolved.
    ///
    /// # Errors
    /// Why it will not be called.
    pub fn check(self, text: &str) -> Result<Url, ForbiddenTarget> {
        self.check_scheme(text, self.allow_local)
    }

    /// The same, with `http://` permitted in any case: files may lie anywhere (plugzapi-api.md 2.2).
    ///
    /// # Errors
    /// Why it will not be called.
    pub fn check_http(self, text: &str) -> Result<Url, ForbiddenTarget> {
        self.check_scheme(text, true)
    }

    fn check_scheme(self, text: &str, http: bool) -> Result<Url, ForbiddenTarget> {
        let url = Url::parse(text).map_err(|_| ForbiddenTarget::Malformed)?;
        match url.scheme() {
            "https" => {}
            "http" if http => {}
            _ => return Err(ForbiddenTarget::Scheme),
        }
        // The URL parser has already turned decimal, octal, hexadecimal and short IPv4 spellings into addresses.
        let literal = match url.host() {
            None => return Err(ForbiddenTarget::Malformed),
            Some(Host::Domain(_)) => None,
            Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
        };
        if literal.is_some_and(|address| !self.permits(address)) {
            return Err(ForbiddenTarget::NotPublic);
        }
        Ok(url)
    }
}

/// The IPv4 address that an IPv6 one leads to: mapped, compatible, NAT64, 6to4.
fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] if high != 0 || low > 1 => of(high, low),
        [0, 0, 0, 0, 0xffff, 0, high, low] => of(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => of(high, low),
        [0x2002, high, low, ..] => of(high, low),
        _ => None,
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..)                    // this network, private, loopback
        | (100, 64..=127, _)                  // shared address space (CGNAT)
        | (169, 254, _)                       // link-local, cloud metadata
        | (172, 16..=31, _) | (192, 168, _)   // private
        | (192, 0, 0 | 2) | (192, 88, 99)     // protocol assignments, documentation, 6to4 relay
        | (198, 18..=19, _)                   // benchmarks
        | (198, 51, 100) | (203, 0, 113)      // documentation
        | (224.., ..) => true,                // multicast, reserved, broadcast
        _ => false,
    };
    !special
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let [first, second, ..] = v6.segments();
    // Only global unicast (2000::/3) is public; of it, Teredo and documentation are not.
    first & 0xe000 == 0x2000 && !(first == 0x2001 && (second < 0x200 || second == 0xdb8)) && !(first == 0x3fff && second < 0x1000)
}
