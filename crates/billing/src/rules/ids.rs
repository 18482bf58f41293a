//! Deterministic ids (billing.md 1.10): closing again, anywhere, gives the same invoice and the same lines.

use recado_kernel::{AccountId, Competencia, InstanceId, InvoiceId};
use uuid::Uuid;

/// Namespace of invoice ids. Never change it.
const INVOICES: Uuid = Uuid::from_u128(0x6f0d_2c1e_8b57_5b1c_9d3a_44f1_7e60_a2b9);

/// The invoice of an account's month. `revision` is 0 and grows only after a void and reissue.
#[must_use]
pub fn invoice_id(account: AccountId, competencia: Competencia, revision: u32) -> InvoiceId {
    InvoiceId::derive(INVOICES, &format!("{account}/{competencia}/{revision}"))
}

/// A line of an invoice: by instance, what it is, and the month it refers to.
#[must_use]
pub fn line_id(invoice: InvoiceId, instance: Option<InstanceId>, kind: &str, reference: Competencia) -> Uuid {
    let instance = instance.map(|id| id.to_string()).unwrap_or_default();
    Uuid::new_v5(&invoice.as_uuid(), format!("{instance}/{kind}/{reference}").as_bytes())
}
