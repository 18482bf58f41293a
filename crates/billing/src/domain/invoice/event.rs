//! What happens to an invoice.

use chrono::NaiveDate;
use recado_event_store::stored_events;
use recado_kernel::{AccountId, InvoiceId, Money};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{InvoiceState, PaymentMethod, PaymentRef};
use crate::rules::{FrozenSettings, Standing, Statement};

/// An event. Those that move money say where the invoice stands afterwards: whoever reads them need not know the rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum InvoiceEvent {
    /// It exists, with its number.
    #[serde(rename = "invoice.issued")]
    Issued(Box<InvoiceIssued>),
    /// Money came in.
    #[serde(rename = "invoice.payment_recorded")]
    PaymentRecorded(Box<PaymentRecorded>),
    /// It was lowered by agreement.
    #[serde(rename = "invoice.credit_note_issued")]
    CreditNoteIssued(Box<CreditNoteIssued>),
    /// Nothing is owed any more.
    #[serde(rename = "invoice.paid")]
    Paid {},
    /// It is to be taken back.
    #[serde(rename = "invoice.void_requested")]
    VoidRequested {
        /// Why.
        reason: String,
    },
    /// A payment came before it was taken back: it stands.
    #[serde(rename = "invoice.void_aborted")]
    VoidAborted {},
    /// It was taken back: nothing is owed, the number stays used.
    #[serde(rename = "invoice.voided")]
    Voided {
        /// Credit of the account that it had used: given back.
        credit: Money,
    },
    /// What was open is given up.
    #[serde(rename = "invoice.written_off")]
    WrittenOff {
        /// Principal given up.
        amount: Money,
        /// Why.
        reason: String,
        /// Where it stands now.
        standing: Standing,
    },
}

/// An invoice as issued.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvoiceIssued {
    /// Its id.
    pub invoice: InvoiceId,
    /// Whose.
    pub account: AccountId,
    /// 0; grows after a void and reissue.
    pub revision: u32,
    /// `YYYY-NNNNNN`.
    pub number: String,
    /// Lines, totals, due date.
    pub statement: Statement,
    /// The settings that gave them.
    pub settings: FrozenSettings,
}

/// A payment, and what it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentRecorded {
    /// What tells it from every other payment.
    pub reference: PaymentRef,
    /// How it came.
    pub method: PaymentMethod,
    /// The payer's date, local.
    pub paid_on: NaiveDate,
    /// All of it.
    pub amount: Money,
    /// More than was owed: to the account's credit balance.
    pub credit: Money,
    /// What became of the invoice's state.
    pub state: InvoiceState,
    /// Where it stands now; `None` for an invoice with nothing to pay.
    pub standing: Option<Standing>,
}

/// A credit note (`nota de crédito`, not a fiscal document).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreditNoteIssued {
    /// Its id.
    pub id: Uuid,
    /// Given on, local.
    pub on: NaiveDate,
    /// All of it.
    pub amount: Money,
    /// What was paid already: to the account's credit balance.
    pub credit: Money,
    /// Why.
    pub reason: String,
    /// What became of the invoice's state.
    pub state: InvoiceState,
    /// Where it stands now.
    pub standing: Standing,
}

stored_events! {
    InvoiceEvent {
        Issued => "invoice.issued" 1,
            en "An invoice exists, with its number, lines and totals.",
            pt "Uma fatura existe, com número, itens e totais.";
        PaymentRecorded => "invoice.payment_recorded" 1,
            en "A payment was recorded, with what it settled and what went to the account's credit.",
            pt "Um pagamento foi registrado, com o que quitou e o que virou crédito da conta.";
        CreditNoteIssued => "invoice.credit_note_issued" 1,
            en "A credit note lowered the invoice.",
            pt "Uma nota de crédito reduziu a fatura.";
        Paid => "invoice.paid" 1,
            en "Nothing is owed on it any more.",
            pt "Nada mais é devido nesta fatura.";
        VoidRequested => "invoice.void_requested" 1,
            en "The invoice is to be taken back.",
            pt "O cancelamento da fatura foi pedido.";
        VoidAborted => "invoice.void_aborted" 1,
            en "A payment came before it was taken back: it stands.",
            pt "Um pagamento chegou antes do cancelamento: a fatura continua valendo.";
        Voided => "invoice.voided" 1,
            en "The invoice was taken back; its number stays used.",
            pt "A fatura foi cancelada; o número continua usado.";
        WrittenOff => "invoice.written_off" 1,
            en "What was open is given up.",
            pt "O valor em aberto foi baixado como incobrável.";
    }
}
