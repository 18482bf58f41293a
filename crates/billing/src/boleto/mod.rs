//! Boleto: barcode and linha digitável, built and checked (billing.md 3.1 to 3.4). Recado never issues a boleto by itself: it checks
//! and shows what a gateway returns.

mod barcode;
mod digits;
mod error;
mod factor;
mod itau;
mod linha;
#[cfg(test)]
mod tests;

pub use barcode::Barcode;
pub use error::BoletoError;
pub use factor::{DueDate, decode_factor, factor};
pub use itau::ItauTitle;
