//! Closing a month (billing.md 1.10): one command per account, then its invoice. Every step finds its work done if it was: running it
//! again, on two processes, or after a crash between any two steps gives the same invoices with the same numbers.

use chrono::Datelike as _;
use recado_event_store::{Alongside, Claim, CommandError};
use recado_kernel::{AccountId, Actor, Cause, CommandMeta, Competencia, Door};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::account_month::{AccountMonth, Known};
use super::preview_month::CHUNK;
use crate::domain::account_month::{AccountMonthCommand, CloseMonth, MonthClosed, aggregate_id};
use crate::domain::invoice::{InvoiceCommand, InvoiceIssued};
use crate::projections::{facts, months};
use crate::rules::LocalMonth;
use crate::{Billing, BillingError, numbers};

/// Accounts closed at the same time.
const PARALLEL: usize = 8;
/// How often an account is tried while others close other months of it.
const ATTEMPTS: usize = 5;

/// Who closes which month.
#[derive(Debug, Clone)]
struct Run {
    competencia: Competencia,
    actor: Actor,
    door: Door,
    id: Uuid,
}

impl Billing {
    /// Closes a month that is over, for every account that had an instance, and issues the invoices. Accounts closed before are shown
    /// as they were decided. When an account fails the others are closed all the same; the first failure is returned, and running it
    /// again goes on.
    ///
    /// # Errors
    /// [`BillingError::MonthNotOver`], a plan without price, [`BillingError::Busy`], or the database.
    pub async fn close_month(
        &self,
        competencia: Competencia,
        actor: Actor,
        door: Door,
    ) -> Result<Vec<AccountMonth>, BillingError> {
        let month = LocalMonth::new(competencia, self.settings.system.tz);
        if !month.is_over(self.platform.now()) {
            return Err(BillingError::MonthNotOver(competencia));
        }
        self.catch_up().await?;
        let pool = self.platform.pool();
        let accounts: Vec<AccountId> = facts::accounts(pool, month.end).await?.into_iter().map(|(account, _)| account).collect();
        let mut closings = months::closings(pool, competencia, None).await?;
        let issued = self.numbers_of(competencia).await?;
        let run = Run { competencia, actor, door, id: self.platform.new_uuid() };
        let (mut done, mut first_failure) = (vec![], None);
        for chunk in accounts.chunks(CHUNK) {
            let (closed, open): (Vec<AccountId>, Vec<AccountId>) =
                chunk.iter().partition(|account| closings.contains_key(account));
            let mut work: Vec<Step> = vec![];
            for closing in closed.iter().filter_map(|account| closings.remove(account)) {
                match closing.invoice.map(|id| issued.get(&id).cloned()) {
                    // Closed, but cut off before its invoice was issued.
                    Some(None) => work.push(Step::Issue(Box::new(closing))),
                    number => done.push(AccountMonth::closed(closing, number.flatten())),
                }
            }
            work.extend(self.known(&open).await?.into_iter().map(|(account, known)| Step::Close(account, Box::new(known))));
            for result in self.in_parallel(&run, work).await {
                match result {
                    Ok(month) => done.push(month),
                    Err(error) => first_failure = first_failure.or(Some(error)),
                }
            }
        }
        self.catch_up().await?;
        done.sort_by_key(|month| month.account);
        first_failure.map_or(Ok(done), Err)
    }

    async fn in_parallel(&self, run: &Run, work: Vec<Step>) -> Vec<Result<AccountMonth, BillingError>> {
        let mut running = JoinSet::new();
        let mut results = vec![];
        for step in work {
            if running.len() >= PARALLEL {
                results.extend(running.join_next().await);
            }
            let (billing, run) = (self.clone(), run.clone());
            running.spawn(async move {
                match step {
                    Step::Close(account, known) => billing.close_account(&run, account, *known).await,
                    Step::Issue(closing) => billing.issue(&run, *closing, None).await,
                }
            });
        }
        while let Some(result) = running.join_next().await {
            results.push(result);
        }
        results.into_iter().map(|result| result.unwrap_or(Err(BillingError::Busy))).collect()
    }

    async fn close_account(&self, run: &Run, account: AccountId, mut known: Known) -> Result<AccountMonth, BillingError> {
        let id = aggregate_id(account, run.competencia);
        for _ in 0..ATTEMPTS {
            let ordinal = known.ledger.len() + 1;
            let command = AccountMonthCommand::Close(Box::new(CloseMonth {
                account,
                competencia: run.competencia,
                revision: 0,
                instances: known.instances,
                ledger: known.ledger,
                settings: self.settings.as_ref().clone(),
                as_of: known.as_of,
                now: self.platform.now(),
            }));
            // The place in the account's chain of closings: whoever closes another month at the same moment must count again.
            let place = Claim { scope: "account_month".into(), key: format!("{account}/{ordinal}"), owner: id.clone() };
            let alongside = move |_: &_, _: &[_]| Alongside { claims: vec![place.clone()], ..Alongside::default() };
            let meta = self.meta(run, account);
            let cause = meta.as_cause();
            match self.months.execute_with(&id, command, meta, alongside).await {
                Ok(_) => {
                    let closing = self.months.load(&id).await?.aggregate.closed().cloned();
                    return self.issue(run, closing.ok_or(BillingError::Busy)?, Some(cause)).await;
                }
                Err(CommandError::ClaimTaken { .. }) => {
                    self.catch_up().await?;
                    known = self.known(&[account]).await?.remove(&account).unwrap_or_default();
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(BillingError::Busy)
    }

    /// Issues the invoice of a closing, if it gives one. `cause` is the closing, when this run made it.
    async fn issue(&self, run: &Run, closing: MonthClosed, cause: Option<Cause>) -> Result<AccountMonth, BillingError> {
        let Some(invoice) = closing.invoice else { return Ok(AccountMonth::closed(closing, None)) };
        let number = numbers::reserve(self.platform.pool(), invoice, closing.statement.issued_on.year()).await?;
        let command = InvoiceCommand::Issue(Box::new(InvoiceIssued {
            invoice,
            account: closing.account,
            revision: closing.revision,
            number: number.clone(),
            statement: closing.statement.clone(),
            settings: closing.settings.clone(),
        }));
        let meta = self.meta(run, closing.account).following(cause);
        self.invoices.execute(&invoice.to_string(), command, meta).await?;
        Ok(AccountMonth::closed(closing, Some(number)))
    }

    fn meta(&self, run: &Run, account: AccountId) -> CommandMeta {
        let meta = self.platform.meta(account, run.actor.clone(), run.door);
        // One story for the whole run, over all accounts.
        CommandMeta { correlation_id: run.id, ..meta }
    }
}

/// What is left to do for an account.
enum Step {
    Close(AccountId, Box<Known>),
    Issue(Box<MonthClosed>),
}
