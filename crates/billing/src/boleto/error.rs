//! Why a boleto cannot be built or is not valid.

use chrono::NaiveDate;
use recado_kernel::Money;

/// Every text is a sentence for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoletoError {
    /// Other characters than digits and the separators of a linha.
    #[error("a boleto consists of digits, with dots, hyphens and spaces between them at most")]
    NotDigits,
    /// Neither a barcode nor a linha.
    #[error("a linha digitável has 47 digits and a barcode 44; this has {0}")]
    Length(usize),
    /// "Arrecadação": electricity, water, taxes.
    #[error(
        "this is a utility or tax bill (it begins with 8), not a bank boleto; its rules are different and it cannot be read here"
    )]
    Utility,
    /// Only reais are known.
    #[error("the fourth digit of a boleto is 9 (reais); this has {0}")]
    Currency(u8),
    /// A field of the linha does not fit its check digit.
    #[error("field {field} of the linha digitável ends in {found}; its check digit should be {expected}")]
    FieldCheck {
        /// 1 to 3.
        field: u8,
        /// What it should be.
        expected: u8,
        /// What it is.
        found: u8,
    },
    /// The check over the whole boleto does not fit.
    #[error("the general check digit is {found}; it should be {expected}")]
    GeneralCheck {
        /// What it should be.
        expected: u8,
        /// What it is.
        found: u8,
    },
    /// Three digits.
    #[error("a bank code has three digits and does not begin with 8, for example 341")]
    Bank,
    /// Campo livre.
    #[error("the free field (campo livre) has 25 digits")]
    FreeField,
    /// A field of a bank's free field does not fit.
    #[error("{0}")]
    BankField(&'static str),
    /// No room for it, or it would mean something else.
    #[error("the value of a boleto is 0.01 to 99999999.99; leave it out for a boleto without value")]
    Value,
    /// Factors begin there.
    #[error("a due date must be 2000-07-03 or later; {0} has no factor")]
    TooEarly(NaiveDate),
    /// The boleto says another amount than the invoice.
    #[error("the boleto is about {found}, not {expected}")]
    OtherValue {
        /// Of the invoice.
        expected: Money,
        /// Of the boleto; zero when it carries none.
        found: Money,
    },
    /// The boleto says another due date than the invoice.
    #[error("the boleto is due on {found}, not on {expected}")]
    OtherDueDate {
        /// Of the invoice.
        expected: NaiveDate,
        /// Of the boleto, in words.
        found: String,
    },
}
