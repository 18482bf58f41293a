//! The linha digitável, 47 digits: the barcode as people type it (billing.md 3.2).

use super::digits::{modulo_10, write};
use super::{Barcode, BoletoError};

/// Where the three checked fields lie in the linha, without their check digit.
const FIELDS: [(usize, usize); 3] = [(0, 9), (10, 20), (21, 31)];

impl Barcode {
    /// The linha as it is printed: `34191.09008 00012.380051 71234.570001 1 16560000014990`.
    #[must_use]
    pub fn linha(&self) -> String {
        let linha = self.linha_digits();
        let part = |from: usize, to: usize| &linha[from..to];
        format!(
            "{}.{} {}.{} {}.{} {} {}",
            part(0, 5),
            part(5, 10),
            part(10, 15),
            part(15, 21),
            part(21, 26),
            part(26, 32),
            part(32, 33),
            part(33, 47)
        )
    }

    /// The same without dots and spaces.
    #[must_use]
    pub fn linha_digits(&self) -> String {
        let digits = self.digits();
        let mut linha: Vec<u8> = Vec::with_capacity(47);
        for field in [[&digits[..4], &digits[19..24]].concat(), digits[24..34].to_vec(), digits[34..].to_vec()] {
            linha.extend_from_slice(&field);
            linha.push(modulo_10(&field));
        }
        linha.push(self.check_digit());
        linha.extend_from_slice(&digits[5..19]);
        write(&linha)
    }

    /// Rebuilds the barcode and checks the three fields and the whole.
    pub(super) fn from_linha(linha: &[u8]) -> Result<Self, BoletoError> {
        if linha.len() != 47 {
            return Err(BoletoError::Length(linha.len()));
        }
        for (number, (from, to)) in (1..).zip(FIELDS) {
            let (expected, found) = (modulo_10(&linha[from..to]), linha[to]);
            if expected != found {
                return Err(BoletoError::FieldCheck { field: number, expected, found });
            }
        }
        let order = linha[..4].iter().chain(&linha[32..47]).chain(&linha[4..9]).chain(&linha[10..20]).chain(&linha[21..31]);
        let mut digits = [0; 44];
        digits.iter_mut().zip(order).for_each(|(place, digit)| *place = *digit);
        Self::checked(digits)
    }
}
