//! How a delivery proves where it comes from: `x-recado-signature` (plugzapi-api.md 3.1) for those who read that page, and the headers of
//! the Standard Webhooks specification (1.0.0) for those who use one of its libraries. One secret serves both.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// `sha256=<hex of HMAC-SHA-256(secret, raw body)>`.
#[must_use]
pub fn sign(secret: &str, raw_body: &[u8]) -> String {
    let hex: String = mac(secret.as_bytes(), &[raw_body]).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

/// `v1,<base64 of HMAC-SHA-256(key, "{id}.{timestamp}.{raw body}")>`, where the key is the secret read as base64: exactly what a Standard
/// Webhooks library does with the secret, pasted with or without `whsec_`. (Our secrets are 64 hexadecimal digits, which are base64, too:
/// 48 bytes of key.) `timestamp` is in Unix seconds.
#[must_use]
pub fn sign_standard(secret: &str, id: &str, timestamp: i64, raw_body: &[u8]) -> String {
    let key = STANDARD.decode(secret).unwrap_or_else(|_| secret.as_bytes().to_vec());
    let head = format!("{id}.{timestamp}.");
    format!("v1,{}", STANDARD.encode(mac(&key, &[head.as_bytes(), raw_body])))
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return vec![] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
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

    /// The example in the README of the specification's libraries.
    #[test]
    fn agrees_with_the_example_of_standard_webhooks() {
        let secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(super::sign_standard(secret, id, at, body), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
