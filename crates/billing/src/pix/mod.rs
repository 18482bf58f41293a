//! Pix codes ("copia e cola", EMV BR Code): built, read and checked (billing.md 2.1 to 2.3). No bank is asked.

mod code;
mod crc;
mod error;
mod key;
mod parse;
#[cfg(test)]
mod tests;
mod text;
mod tlv;
mod txid;

pub use code::{BrCode, Initiation, Receiver};
pub use crc::crc16;
pub use error::PixError;
pub use key::PixKey;
pub use text::normalise;
pub use txid::{Txid, is_charge_txid, is_end_to_end_id};
