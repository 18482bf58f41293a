//! How an account's month decides.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{AccountId, Competencia};
use serde::{Deserialize, Serialize};

use super::{AccountMonthCommand, AccountMonthError, AccountMonthEvent, CloseMonth, MonthClosed};
use crate::rules::{LocalMonth, MonthInput, compute, ids};

/// The month of one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AccountMonth {
    closed: Option<MonthClosed>,
}

/// The aggregate's id.
#[must_use]
pub fn aggregate_id(account: AccountId, competencia: Competencia) -> String {
    format!("{account}/{competencia}")
}

impl AccountMonth {
    /// The decision, once there is one.
    #[must_use]
    pub const fn closed(&self) -> Option<&MonthClosed> {
        self.closed.as_ref()
    }

    fn close(&self, command: CloseMonth) -> Result<Option<MonthClosed>, AccountMonthError> {
        // Already done, by whoever came first: not an error.
        if self.closed.as_ref().is_some_and(|closed| closed.revision >= command.revision) {
            return Ok(None);
        }
        let CloseMonth { account, competencia, revision, .. } = command;
        if !LocalMonth::new(competencia, command.settings.system.tz).is_over(command.now) {
            return Err(AccountMonthError::NotOver(competencia));
        }
        let statement = compute(&MonthInput {
            account,
            competencia,
            revision,
            settings: &command.settings,
            instances: &command.instances,
            ledger: &command.ledger,
            now: command.now,
        })?;
        Ok(Some(MonthClosed {
            account,
            revision,
            ordinal: u32::try_from(command.ledger.len()).unwrap_or(u32::MAX).saturating_add(1),
            invoice: statement.makes_invoice().then(|| ids::invoice_id(account, competencia, revision)),
            statement,
            settings: command.settings,
            as_of: command.as_of,
            closed_at: command.now,
        }))
    }
}

impl Aggregate for AccountMonth {
    const TYPE: &'static str = "account_month";
    type Command = AccountMonthCommand;
    type Event = AccountMonthEvent;
    type Error = AccountMonthError;
    type Services = ();

    async fn handle(&mut self, command: AccountMonthCommand, (): &(), sink: &EventSink<Self>) -> Result<(), AccountMonthError> {
        let AccountMonthCommand::Close(command) = command;
        if let Some(closed) = self.close(*command)? {
            sink.write(AccountMonthEvent::Closed(Box::new(closed)), self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: AccountMonthEvent) {
        let AccountMonthEvent::Closed(closed) = event;
        self.closed = Some(*closed);
    }
}
