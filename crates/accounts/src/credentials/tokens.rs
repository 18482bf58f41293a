//! Random tokens and their shapes.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use recado_event_store::Platform;

/// What a signed-in browser holds in its cookie: 256 random bits. Only its keyed digest is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    pub(crate) fn new(platform: &Platform) -> Self {
        Self(random(platform))
    }

    /// The cookie's value.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// The secret of a link in a mail: 256 random bits, safe in an address.
pub fn link_token(platform: &Platform) -> String {
    random(platform)
}

fn random(platform: &Platform) -> String {
    URL_SAFE_NO_PAD.encode(platform.random_bytes::<32>())
}

/// A token of an account: `first`, 32 lower-case hex digits, "S". 'F' for the Client-Token (plugzapi-api.md 1.1), 'P' for ours.
pub fn account_token(platform: &Platform, first: char) -> String {
    let mut token = String::with_capacity(34);
    token.push(first);
    for byte in platform.random_bytes::<16>() {
        // Writing to a String cannot fail.
        let _ = write!(token, "{byte:02x}");
    }
    token.push('S');
    token
}
