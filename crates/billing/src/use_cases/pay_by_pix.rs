//! The static Pix code of an invoice (billing.md 2.5): works with nothing but a key. It carries today's amount and the invoice's own
//! reference, by which the receipt is recognised.

use chrono::NaiveDate;

use crate::pix::{BrCode, PixError, PixKey, Txid};
use crate::{Billing, InvoiceSummary};

/// To whom invoices are paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PixReceiver {
    key: PixKey,
    name: String,
    city: String,
}

impl PixReceiver {
    /// Checked once, at start: a code for this receiver can always be made.
    ///
    /// # Errors
    /// A name or city of which nothing is left in the letters banks can show.
    pub fn new(key: PixKey, name: &str, city: &str) -> Result<Self, PixError> {
        BrCode::for_key(&key, name, city)?;
        Ok(Self { key, name: name.to_owned(), city: city.to_owned() })
    }
}

impl Billing {
    /// "Copia e cola" of what settles the invoice on `on`; `None` when nothing is open or no key is set.
    #[must_use]
    pub fn pix_code(&self, invoice: &InvoiceSummary, on: NaiveDate) -> Option<String> {
        let receiver = self.pix.as_ref()?;
        let code = BrCode::for_key(&receiver.key, &receiver.name, &receiver.city).ok()?;
        let code = code.with_amount(invoice.quote(on).total).ok()?;
        Some(code.with_txid(&txid(invoice)?).to_string())
    }
}

/// The invoice's reference on receipts: month, revision and the number's sequence.
fn txid(invoice: &InvoiceSummary) -> Option<Txid> {
    let sequence = invoice.number.split_once('-')?.1.parse().ok()?;
    Txid::of_invoice(invoice.competencia, u8::try_from(invoice.revision).ok()?, sequence)
}
