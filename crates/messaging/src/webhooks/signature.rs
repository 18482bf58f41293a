//! `x-recado-signature` (plugzapi-api.md 3.1).

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// `sha256=<hex of HMAC-SHA-256(secret, raw body)>`.
#[must_use]
pub fn sign(secret: &str, raw_body: &[u8]) -> String {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(raw_body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn agrees_with_rfc_4231_case_2() {
        assert_eq!(
            super::sign("Jefe", b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
