//! How an invoice decides.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;

use super::state::{End, Lowered};
use super::{
    CreditNoteIssued, Invoice, InvoiceCommand, InvoiceError, InvoiceEvent, InvoiceIssued, InvoiceState, NewCreditNote,
    NewPayment, PaymentRecorded,
};
use crate::rules::CreditTooLarge;

impl Aggregate for Invoice {
    const TYPE: &'static str = "invoice";
    type Command = InvoiceCommand;
    type Event = InvoiceEvent;
    type Error = InvoiceError;
    type Services = ();

    async fn handle(&mut self, command: InvoiceCommand, (): &(), sink: &EventSink<Self>) -> Result<(), InvoiceError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: InvoiceEvent) {
        self.remember(event);
    }
}

impl Invoice {
    fn decide(&self, command: InvoiceCommand) -> Result<Vec<InvoiceEvent>, InvoiceError> {
        let issued = match (&self.issued, &command) {
            (None, InvoiceCommand::Issue(wanted)) => return Ok(vec![InvoiceEvent::Issued(wanted.clone())]),
            (None, _) => return Err(InvoiceError::NotIssued),
            (Some(issued), _) => issued,
        };
        match command {
            InvoiceCommand::Issue(wanted) if *issued == *wanted => Ok(vec![]),
            InvoiceCommand::Issue(_) => Err(InvoiceError::Differs(issued.invoice)),
            InvoiceCommand::RecordPayment(payment) => self.pay(issued, payment),
            InvoiceCommand::Credit(note) => self.credit(issued, note),
            InvoiceCommand::RequestVoid { reason } => self.request_void(reason),
            InvoiceCommand::ConfirmVoid => self.confirm_void(issued),
            InvoiceCommand::WriteOff { reason } => self.write_off(reason),
        }
    }

    /// Money is never refused because of the invoice's state: it has come. What is not owed becomes the account's credit.
    fn pay(&self, issued: &InvoiceIssued, payment: NewPayment) -> Result<Vec<InvoiceEvent>, InvoiceError> {
        let NewPayment { reference, method, paid_on, amount } = payment;
        if amount.is_negative() || amount.is_zero() {
            return Err(InvoiceError::Amount);
        }
        if paid_on < issued.statement.competencia.first_day() {
            return Err(InvoiceError::PaidTooEarly);
        }
        let new = Lowered::Payment { reference: reference.clone(), on: paid_on, amount };
        let known = |one: &&Lowered| matches!(one, Lowered::Payment { reference: known, .. } if *known == reference);
        match self.lowered.iter().find(known) {
            Some(known) if *known == new => return Ok(vec![]),
            Some(_) => return Err(InvoiceError::PaymentDiffers),
            None => {}
        }
        let before = self.state();
        let mut then = self.clone();
        let aborts = self.end == Some(End::VoidRequested);
        if aborts {
            then.end = None;
        }
        let (_, credit_before) = self.account_for(&self.lowered);
        then.lowered.push(new);
        let (receivable, credit) = then.account_for(&then.lowered);
        let state = then.state();
        let mut events = vec![];
        if aborts {
            events.push(InvoiceEvent::VoidAborted {});
        }
        events.push(InvoiceEvent::PaymentRecorded(Box::new(PaymentRecorded {
            reference,
            method,
            paid_on,
            amount,
            credit: credit - credit_before,
            state,
            standing: receivable.map(|receivable| receivable.standing()),
        })));
        if state == InvoiceState::Paid && before != InvoiceState::Paid {
            events.push(InvoiceEvent::Paid {});
        }
        Ok(events)
    }

    fn credit(&self, issued: &InvoiceIssued, note: NewCreditNote) -> Result<Vec<InvoiceEvent>, InvoiceError> {
        let NewCreditNote { id, on, amount, reason } = note;
        if self.lowered.iter().any(|one| matches!(one, Lowered::Credit { id: known, .. } if *known == id)) {
            return Ok(vec![]);
        }
        if amount.is_negative() || amount.is_zero() {
            return Err(InvoiceError::Amount);
        }
        let before = self.state();
        if !(before.is_open() || before == InvoiceState::Paid) || on < issued.statement.competencia.first_day() {
            return Err(InvoiceError::NothingOpen);
        }
        let left = |receivable: crate::rules::Receivable| receivable.clone().credit(on, amount).err();
        if let Some(CreditTooLarge { left }) = self.receivable().and_then(left) {
            return Err(InvoiceError::CreditTooLarge { left });
        }
        let (_, credit_before) = self.account_for(&self.lowered);
        let mut then = self.clone();
        then.lowered.push(Lowered::Credit { id, on, amount });
        let (Some(receivable), credit) = then.account_for(&then.lowered) else { return Err(InvoiceError::NothingOpen) };
        let state = then.state();
        let mut events = vec![InvoiceEvent::CreditNoteIssued(Box::new(CreditNoteIssued {
            id,
            on,
            amount,
            credit: credit - credit_before,
            reason,
            state,
            standing: receivable.standing(),
        }))];
        if state == InvoiceState::Paid && before != InvoiceState::Paid {
            events.push(InvoiceEvent::Paid {});
        }
        Ok(events)
    }

    fn request_void(&self, reason: String) -> Result<Vec<InvoiceEvent>, InvoiceError> {
        match (self.end, self.state()) {
            (Some(End::VoidRequested | End::Void), _) => Ok(vec![]),
            (_, InvoiceState::Carried) => Err(InvoiceError::Carried),
            _ if self.lowered.iter().any(|one| matches!(one, Lowered::Payment { .. })) => Err(InvoiceError::AlreadyPaid),
            (None, InvoiceState::Open | InvoiceState::PartiallyPaid) => Ok(vec![InvoiceEvent::VoidRequested { reason }]),
            _ => Err(InvoiceError::NothingOpen),
        }
    }

    fn confirm_void(&self, issued: &InvoiceIssued) -> Result<Vec<InvoiceEvent>, InvoiceError> {
        match self.end {
            Some(End::VoidRequested) => Ok(vec![InvoiceEvent::Voided { credit: issued.statement.credit_used }]),
            Some(End::Void) => Ok(vec![]),
            _ => Err(InvoiceError::NotRequested),
        }
    }

    fn write_off(&self, reason: String) -> Result<Vec<InvoiceEvent>, InvoiceError> {
        if self.end == Some(End::WrittenOff) {
            return Ok(vec![]);
        }
        match self.receivable() {
            Some(mut receivable) if self.end.is_none() && self.state().is_open() => {
                let amount = receivable.write_off();
                Ok(vec![InvoiceEvent::WrittenOff { amount, reason, standing: receivable.standing() }])
            }
            _ => Err(InvoiceError::NothingOpen),
        }
    }
}
