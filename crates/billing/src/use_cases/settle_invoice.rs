//! What finance does with an invoice after it was issued (billing.md 1.11 to 1.13, 2.5).

use chrono::NaiveDate;
use recado_event_store::{Alongside, Claim};
use recado_kernel::{Actor, CommandMeta, Door, InvoiceId, Money};

use crate::domain::invoice::{Invoice, InvoiceCommand, InvoiceEvent, NewCreditNote, NewPayment, PaymentMethod, PaymentRef};
use crate::projections::invoices::{self, Lowering};
use crate::rules::calendar::local_date;
use crate::{Billing, BillingError};

/// Longest reason, in characters.
const MAX_REASON: usize = 300;

/// Who acts, through which door.
#[derive(Debug, Clone)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// Through which door.
    pub door: Door,
}

impl Billing {
    /// Today where the months are counted.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        local_date(self.platform.now(), self.settings.system.tz)
    }

    /// For staff: "registrar recebimento". The same payment again changes nothing, on whatever invoice.
    ///
    /// # Errors
    /// A date after today, what [`crate::InvoiceError`] names, [`BillingError::PaymentElsewhere`], or the database.
    pub async fn staff_record_payment(
        &self,
        by: By,
        id: InvoiceId,
        reference: PaymentRef,
        method: PaymentMethod,
        paid_on: NaiveDate,
        amount: Money,
    ) -> Result<(), BillingError> {
        if paid_on > self.today() {
            return Err(BillingError::PaidInFuture);
        }
        // One payment settles one invoice: the claim is held for ever.
        let claim = Claim { scope: "payment".to_owned(), key: reference.to_string(), owner: id.to_string() };
        let payment = NewPayment { reference, method, paid_on, amount };
        let (meta, command) = (self.invoice_meta(by, id).await?, InvoiceCommand::RecordPayment(payment));
        let alongside = move |_: &Invoice, events: &[InvoiceEvent]| Alongside {
            claims: if events.is_empty() { vec![] } else { vec![claim.clone()] },
            ..Alongside::default()
        };
        self.invoices.execute_with(&id.to_string(), command, meta, alongside).await?;
        self.catch_up().await
    }

    /// For staff: lowers an invoice by agreement. What was paid already becomes the account's credit.
    ///
    /// # Errors
    /// [`BillingError::Reason`], what [`crate::InvoiceError`] names, or the database.
    pub async fn staff_credit_invoice(&self, by: By, id: InvoiceId, amount: Money, reason: &str) -> Result<(), BillingError> {
        let reason = checked(reason)?;
        let note = NewCreditNote { id: self.platform.new_uuid(), on: self.today(), amount, reason };
        self.on_invoice(by, id, InvoiceCommand::Credit(note)).await
    }

    /// For staff: takes an invoice back on which nothing is paid. Nothing is registered at a gateway, so it is void at once.
    ///
    /// # Errors
    /// As [`Self::staff_credit_invoice`].
    pub async fn staff_void_invoice(&self, by: By, id: InvoiceId, reason: &str) -> Result<(), BillingError> {
        let request = InvoiceCommand::RequestVoid { reason: checked(reason)? };
        let meta = self.invoice_meta(by.clone(), id).await?;
        self.invoices.execute(&id.to_string(), request, meta).await?;
        self.on_invoice(by, id, InvoiceCommand::ConfirmVoid).await
    }

    /// For staff: gives up what is open.
    ///
    /// # Errors
    /// As [`Self::staff_credit_invoice`].
    pub async fn staff_write_off(&self, by: By, id: InvoiceId, reason: &str) -> Result<(), BillingError> {
        self.on_invoice(by, id, InvoiceCommand::WriteOff { reason: checked(reason)? }).await
    }

    /// Payments and credit notes of an invoice; of the account's only, when one is given.
    ///
    /// # Errors
    /// The database.
    pub async fn lowerings(
        &self,
        account: Option<recado_kernel::AccountId>,
        id: InvoiceId,
    ) -> Result<Vec<Lowering>, BillingError> {
        Ok(invoices::lowerings(self.platform.pool(), account, id).await?)
    }

    async fn on_invoice(&self, by: By, id: InvoiceId, command: InvoiceCommand) -> Result<(), BillingError> {
        let meta = self.invoice_meta(by, id).await?;
        self.invoices.execute(&id.to_string(), command, meta).await?;
        self.catch_up().await
    }

    async fn invoice_meta(&self, by: By, id: InvoiceId) -> Result<CommandMeta, BillingError> {
        let known = self.invoices.load(&id.to_string()).await?.aggregate;
        let account = known.document().map(|issued| issued.account).ok_or(BillingError::InvoiceNotFound(id))?;
        Ok(self.platform.meta(account, by.actor, by.door))
    }
}

fn checked(reason: &str) -> Result<String, BillingError> {
    let reason = reason.trim();
    let sound = !reason.is_empty() && reason.chars().count() <= MAX_REASON && !reason.chars().any(char::is_control);
    if sound { Ok(reason.to_owned()) } else { Err(BillingError::Reason) }
}
