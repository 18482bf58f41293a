//! References by which a receipt finds its invoice (billing.md 2.3).

use std::fmt;
use std::str::FromStr;

use recado_kernel::{Competencia, InvoiceId};

use super::PixError;

/// The reference in a static code: 1 to 25 letters and digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Txid(String);

impl Txid {
    /// The invoice's own: `FAT`, year and month, the revision as a letter A to Z, seven base-36 digits of its sequence.
    /// `None` for a revision above 25 or a sequence of 36^7 and more.
    #[must_use]
    pub fn of_invoice(competencia: Competencia, revision: u8, sequence: u64) -> Option<Self> {
        let letter = char::from(b'A'.checked_add(revision).filter(u8::is_ascii_uppercase)?);
        let number = base36(sequence)?;
        Some(Self(format!("FAT{:04}{:02}{letter}{number}", competencia.year(), competencia.month())))
    }

    /// The reference of a charge registered at a bank (`cobv`): the invoice's id as 32 hex digits.
    #[must_use]
    pub fn of_charge(invoice: InvoiceId) -> String {
        invoice.as_uuid().simple().to_string()
    }

    /// As it stands in the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Txid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Txid {
    type Err = PixError;
    fn from_str(text: &str) -> Result<Self, PixError> {
        if alphanumeric(text, 1, 25) { Ok(Self(text.to_owned())) } else { Err(PixError::Txid) }
    }
}

/// May a charge (`cob`, `cobv`) have this reference? Exactly 26 to 35 letters and digits.
#[must_use]
pub fn is_charge_txid(text: &str) -> bool {
    alphanumeric(text, 26, 35)
}

/// Is it the id of a payment between banks? 32 letters and digits.
#[must_use]
pub fn is_end_to_end_id(text: &str) -> bool {
    alphanumeric(text, 32, 32)
}

fn alphanumeric(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Seven digits of base 36.
fn base36(mut number: u64) -> Option<String> {
    let mut digits = [b'0'; 7];
    for digit in digits.iter_mut().rev() {
        let value = u8::try_from(number % 36).ok()?;
        *digit = if value < 10 { b'0' + value } else { b'A' + value - 10 };
        number /= 36;
    }
    (number == 0).then(|| digits.iter().copied().map(char::from).collect())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_has_its_own_reference() {
        let october: Competencia = "2026-10".parse().unwrap();
        assert_eq!(Txid::of_invoice(october, 0, 5).unwrap().as_str(), "FAT202610A0000005");
        assert_eq!(Txid::of_invoice(october, 25, 36 * 36 + 35).unwrap().as_str(), "FAT202610Z000010Z");
        assert_eq!(Txid::of_invoice(october, 26, 1), None);
        assert_eq!(Txid::of_invoice(october, 0, 36_u64.pow(7)), None);
        let charge = Txid::of_charge(InvoiceId::from_uuid(uuid::Uuid::from_u128(7)));
        assert!(is_charge_txid(&charge) && is_end_to_end_id(&charge));
    }

    #[test]
    fn what_banks_refuse_is_refused() {
        for wrong in ["", "***", "FAT-1", "fatura 1", "ÇA", "12345678901234567890123456"] {
            assert_eq!(wrong.parse::<Txid>(), Err(PixError::Txid), "{wrong}");
        }
        assert!(!is_charge_txid("FAT202610A0000005"));
    }
}
