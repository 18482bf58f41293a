//! What billing says to an erasure: whoever owes something must stay known; amounts and numbers stay, they name nobody.

use std::collections::BTreeSet;

use async_trait::async_trait;
use recado_accounts::{Holdings, Obstacle, Subject, SubjectHolder};
use recado_event_store::StoreError;
use recado_kernel::{AccountId, CommandMeta, Competencia};

use crate::projections::months;
use crate::rules::LocalMonth;
use crate::{Billing, BillingError, InvoiceState};

impl Billing {
    /// Months in which the account had something to pay and which are not closed.
    async fn unbilled_months(&self, account: AccountId) -> Result<Vec<Competencia>, BillingError> {
        self.catch_up().await?;
        let (zone, now) = (self.settings.system.tz, self.platform.now());
        let known = self.known(&[account]).await?.remove(&account).unwrap_or_default();
        let first = known.instances.iter().flat_map(|instance| &instance.facts).map(|fact| fact.at).min();
        let Some(first) = first.map(|at| LocalMonth::containing(at, zone).competencia) else { return Ok(vec![]) };
        let closed: BTreeSet<_> = months::closed_pairs(self.platform.pool()).await?;
        let running = LocalMonth::containing(now, zone).competencia;
        let mut unbilled = vec![];
        for month in std::iter::successors(Some(first), |month| Some(month.next())).take_while(|month| *month <= running) {
            let is_closed = closed.contains(&(account, month));
            if !is_closed && !known.preview(account, month, &self.settings, now)?.statement.total.is_zero() {
                unbilled.push(month);
            }
        }
        Ok(unbilled)
    }
}

#[async_trait]
impl SubjectHolder for Billing {
    async fn holdings(&self, account: AccountId, subject: &Subject) -> Result<Holdings, StoreError> {
        if *subject != Subject::Owner {
            return Ok(Holdings::default());
        }
        let unbilled = self.unbilled_months(account).await.map_err(only_store)?;
        let invoices = self.invoices(account).await.map_err(only_store)?;
        let open = invoices.iter().filter(|invoice| invoice.state == InvoiceState::Open && !invoice.total.is_zero());
        let obstacles = unbilled.iter().map(|month| Obstacle::UnbilledMonth(month.to_string()));
        let obstacles = obstacles.chain(open.map(|invoice| Obstacle::OpenInvoice(invoice.number.clone()))).collect();
        let kept =
            (!invoices.is_empty()).then(|| format!("{} invoices with amounts and numbers, without a name", invoices.len()));
        Ok(Holdings { obstacles, kept: kept.into_iter().collect(), ..Holdings::default() })
    }

    async fn let_go(&self, _: &CommandMeta, _: &Subject) -> Result<u64, StoreError> {
        Ok(0)
    }
}

fn only_store(error: BillingError) -> StoreError {
    match error {
        BillingError::Store(error) => error,
        other => StoreError::Database(format!("unexpected: {other}")),
    }
}
