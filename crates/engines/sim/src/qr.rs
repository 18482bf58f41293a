//! QR codes: a new one every 20 s, made from the session's secret, so that every process shows and accepts the same.

use chrono::Duration;
use hmac::{Hmac, Mac as _};
use recado_kernel::{InstanceId, Timestamp};
use recado_messaging::engine::QrView;
use sha2::Sha256;

/// Seconds one code is shown (plugzapi-api.md 2.1).
const WINDOW: i64 = 20;
/// Every code says what it is.
const PREFIX: &str = "SIMULADO";

fn mac(secret: &str, text: &str) -> [u8; 32] {
    // HMAC takes keys of every length.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map(|mac| mac.chain_update(text).finalize().into_bytes().into())
        .unwrap_or_default()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn code(secret: &str, instance: InstanceId, window: i64) -> String {
    let proof = mac(secret, &format!("qr/{instance}/{window}"));
    format!("{PREFIX}:{}:{window}:{}", instance.public(), hex(&proof[..12]))
}

/// The code of this moment and when it changes.
pub(crate) fn view(secret: &str, instance: InstanceId, now: Timestamp) -> QrView {
    let window = now.timestamp().div_euclid(WINDOW);
    let begin = Timestamp::from_timestamp(window * WINDOW, 0).unwrap_or(now);
    QrView { text: code(secret, instance, window), valid_until: begin + Duration::seconds(WINDOW) }
}

/// Whose code it claims to be.
pub(crate) fn instance_of(text: &str) -> Option<InstanceId> {
    let mut parts = text.trim().split(':');
    (parts.next() == Some(PREFIX)).then(|| parts.next()?.parse().ok())?
}

/// Is it the code of this window or of the one before (it may change while a phone is looking)?
pub(crate) fn accepts(secret: &str, instance: InstanceId, text: &str, now: Timestamp) -> bool {
    let window = now.timestamp().div_euclid(WINDOW);
    [window, window - 1].into_iter().any(|window| code(secret, instance, window) == text.trim())
}

/// Eight letters and digits to type on the phone, without those that look alike.
pub(crate) fn phone_code(secret: &str, phone: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    mac(secret, &format!("code/{phone}")).iter().take(8).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_781_524_800 + seconds, 0).unwrap()
    }

    #[test]
    fn a_code_lives_its_window_and_the_next() {
        let instance = InstanceId::from_uuid(uuid::Uuid::from_u128(7));
        let shown = view("secret", instance, at(5));
        assert_eq!(shown.valid_until, at(20));
        assert_eq!(view("secret", instance, at(19)), shown);
        assert_ne!(view("secret", instance, at(20)).text, shown.text);
        assert!(accepts("secret", instance, &shown.text, at(39)));
        assert!(!accepts("secret", instance, &shown.text, at(40)));
        assert!(!accepts("another", instance, &shown.text, at(5)));
        assert_eq!(instance_of(&shown.text), Some(instance));
        assert_eq!(instance_of("https://example.com"), None);
    }

    #[test]
    fn phone_codes_have_the_shape_of_the_reference() {
        let code = phone_code("secret", "5562900000001");
        assert_eq!(code.len(), 8);
        assert!(code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    }
}
