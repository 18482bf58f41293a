//! Reading invoices, and the events behind a line.

use recado_event_store::{RecordedEvent, reader};
use recado_kernel::{AccountId, Competencia, InvoiceId};
use uuid::Uuid;

use crate::projections::invoices::{self, Filter};
use crate::{Billing, BillingError, InvoiceDetail, InvoiceSummary, Line};

impl Billing {
    /// The account's invoices, newest month first.
    ///
    /// # Errors
    /// The database.
    pub async fn invoices(&self, account: AccountId) -> Result<Vec<InvoiceSummary>, BillingError> {
        self.list(Filter { account: Some(account), competencia: None, id: None }).await
    }

    /// One invoice of the account, with its lines.
    ///
    /// # Errors
    /// [`BillingError::InvoiceNotFound`], also for another account's invoice; or the database.
    pub async fn invoice(&self, account: AccountId, id: InvoiceId) -> Result<InvoiceDetail, BillingError> {
        let found = invoices::invoice(self.platform.pool(), Some(account), id).await?;
        found.ok_or(BillingError::InvoiceNotFound(id))
    }

    /// For staff: the invoices of a month across all accounts.
    ///
    /// # Errors
    /// The database.
    pub async fn staff_invoices_of_month(&self, competencia: Competencia) -> Result<Vec<InvoiceSummary>, BillingError> {
        self.list(Filter { account: None, competencia: Some(competencia), id: None }).await
    }

    /// For staff: any invoice, with its lines.
    ///
    /// # Errors
    /// [`BillingError::InvoiceNotFound`], or the database.
    pub async fn staff_invoice(&self, id: InvoiceId) -> Result<InvoiceDetail, BillingError> {
        invoices::invoice(self.platform.pool(), None, id).await?.ok_or(BillingError::InvoiceNotFound(id))
    }

    /// One line of the account's invoices, with the invoice it is on.
    ///
    /// # Errors
    /// The database.
    pub async fn line(&self, account: AccountId, line_id: Uuid) -> Result<Option<(InvoiceId, Line)>, BillingError> {
        let found = invoices::line(self.platform.pool(), Some(account), line_id).await?;
        Ok(found.map(|(_, invoice, line)| (invoice, line)))
    }

    /// For staff: any line, with its account and invoice.
    ///
    /// # Errors
    /// The database.
    pub async fn staff_line(&self, line_id: Uuid) -> Result<Option<(AccountId, InvoiceId, Line)>, BillingError> {
        Ok(invoices::line(self.platform.pool(), None, line_id).await?)
    }

    /// The recorded events a line stands on ("por que esta cobrança?"), oldest first: for lines of invoices and of previews. Events of
    /// other accounts are never returned.
    ///
    /// # Errors
    /// The database.
    pub async fn events_behind(&self, account: AccountId, line: &Line) -> Result<Vec<RecordedEvent>, BillingError> {
        let Some(instance) = line.instance else { return Ok(vec![]) };
        let stream = reader::read_stream(self.platform.pool(), "instance", &instance.to_string(), 0).await?;
        let wanted = |event: &RecordedEvent| line.sources.iter().any(|source| source.sequence == event.sequence);
        Ok(stream.into_iter().filter(|event| event.account_id == account && wanted(event)).collect())
    }

    async fn list(&self, filter: Filter) -> Result<Vec<InvoiceSummary>, BillingError> {
        let found = invoices::invoices(self.platform.pool(), filter).await?;
        Ok(found.into_iter().map(|invoice| invoice.summary).collect())
    }
}
