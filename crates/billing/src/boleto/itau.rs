//! Itaú's free field (billing.md 3.4, 3.5): for display and tests.

use super::BoletoError;
use super::digits::{modulo_10, read, write};

/// What identifies a title at Itaú; texts of digits with their leading zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItauTitle<'a> {
    /// Carteira, 3 digits.
    pub portfolio: &'a str,
    /// Nosso número, 8 digits.
    pub number: &'a str,
    /// Agência, 4 digits.
    pub branch: &'a str,
    /// Conta without check digit, 5 digits.
    pub account: &'a str,
}

impl ItauTitle<'_> {
    /// The 25 digits of the campo livre.
    ///
    /// # Errors
    /// [`BoletoError::BankField`] names the part that has not the right number of digits.
    pub fn free_field(&self) -> Result<String, BoletoError> {
        let part = |text: &str, length: usize, problem: &'static str| {
            read(text).filter(|digits| digits.len() == length).ok_or(BoletoError::BankField(problem))
        };
        let portfolio = part(self.portfolio, 3, "the carteira has 3 digits")?;
        let number = part(self.number, 8, "the nosso número has 8 digits")?;
        let branch = part(self.branch, 4, "the agência has 4 digits")?;
        let account = part(self.account, 5, "the conta has 5 digits, without its check digit")?;
        let place = [branch, account].concat();
        let title = [portfolio, number].concat();
        let title_check = modulo_10(&[place.as_slice(), &title].concat());
        let place_check = modulo_10(&place);
        Ok(write(&[title.as_slice(), &[title_check], &place, &[place_check, 0, 0, 0]].concat()))
    }
}
