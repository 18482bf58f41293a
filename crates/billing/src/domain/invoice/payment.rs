//! How payments are told apart and named.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// `(gateway, its payment id)`: `manual/<uuid>`, `pix/E1234…`, `asaas/pay_…`. Recording the same one twice changes nothing
/// (billing.md 1.13).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaymentRef(String);

/// A text that tells no payment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a payment is named gateway/id with letters, digits, - and _, at most 120 characters")]
pub struct InvalidPaymentRef;

impl PaymentRef {
    /// From the gateway's name and its own id for the payment.
    ///
    /// # Errors
    /// [`InvalidPaymentRef`].
    pub fn new(gateway: &str, id: &str) -> Result<Self, InvalidPaymentRef> {
        format!("{gateway}/{id}").parse()
    }

    /// As stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PaymentRef {
    type Err = InvalidPaymentRef;
    fn from_str(text: &str) -> Result<Self, InvalidPaymentRef> {
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        match text.split_once('/') {
            Some((gateway, id)) if text.len() <= 120 && plain(gateway) && plain(id) => Ok(Self(text.to_owned())),
            _ => Err(InvalidPaymentRef),
        }
    }
}

impl TryFrom<String> for PaymentRef {
    type Error = InvalidPaymentRef;
    fn try_from(text: String) -> Result<Self, InvalidPaymentRef> {
        text.parse()
    }
}

impl From<PaymentRef> for String {
    fn from(reference: PaymentRef) -> Self {
        reference.0
    }
}

impl fmt::Display for PaymentRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How money came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// Pix.
    Pix,
    /// Boleto.
    Boleto,
    /// A bank transfer that is neither.
    Transfer,
    /// In any other way.
    Other,
}

impl PaymentMethod {
    /// Every one, as a form offers them.
    pub const ALL: [Self; 4] = [Self::Pix, Self::Boleto, Self::Transfer, Self::Other];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pix => "pix",
            Self::Boleto => "boleto",
            Self::Transfer => "transfer",
            Self::Other => "other",
        }
    }
}

impl FromStr for PaymentMethod {
    type Err = InvalidPaymentRef;
    fn from_str(text: &str) -> Result<Self, InvalidPaymentRef> {
        Self::ALL.into_iter().find(|method| method.as_str() == text).ok_or(InvalidPaymentRef)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_have_plain_names() {
        assert_eq!(
            PaymentRef::new("pix", "E00038166201907261559y6j6mt9l0pi").map(|r| r.to_string()).ok().as_deref(),
            Some("pix/E00038166201907261559y6j6mt9l0pi")
        );
        for wrong in ["", "pix", "pix/", "/1", "pix/a b", "pix/../etc", "pix/é"] {
            assert_eq!(wrong.parse::<PaymentRef>(), Err(InvalidPaymentRef), "{wrong}");
        }
        for method in PaymentMethod::ALL {
            assert_eq!(method.as_str().parse(), Ok(method));
        }
    }
}
