//! Months already closed, and what late events change about them (billing.md 1.11). A closing is never edited: the difference goes on
//! the next invoice.

use recado_event_store::Position;
use recado_kernel::{Competencia, InstanceId, InvoiceId, Money};
use rust_decimal::Decimal;

use super::calendar::LocalMonth;
use super::statement::{Line, LineKind, Statement};
use super::suspension::charge_active;
use super::{FrozenSettings, RulesError, Subscription, ids};

/// An earlier closing of the account.
#[derive(Debug, Clone, PartialEq)]
pub struct ClosedMonth {
    /// What was decided.
    pub statement: Statement,
    /// The settings it was decided with.
    pub frozen: FrozenSettings,
    /// The last place in the log it knew.
    pub as_of: Position,
}

/// The account's closings in the order they were made; credit and carried amounts pass from one to the next.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    closed: Vec<ClosedMonth>,
    /// Credit given since the newest closing (over-payments, credit notes of paid invoices).
    granted: Money,
}

impl Ledger {
    /// Closings, oldest first.
    #[must_use]
    pub const fn new(closed: Vec<ClosedMonth>) -> Self {
        Self { closed, granted: Money::ZERO }
    }

    /// Adds the newest closing; it knew all credit given before.
    pub fn record(&mut self, closing: ClosedMonth) {
        self.closed.push(closing);
        self.granted = Money::ZERO;
    }

    /// Adds credit given since the newest closing: an over-payment, or a credit note of a paid invoice (billing.md 1.11, 1.13).
    pub fn grant(&mut self, credit: Money) {
        self.granted += credit;
    }

    /// The last place in the log the newest closing knew.
    #[must_use]
    pub fn last_as_of(&self) -> Option<Position> {
        self.closed.last().map(|month| month.as_of)
    }

    /// How many closings there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.closed.len()
    }

    /// No closing yet?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.closed.is_empty()
    }

    /// Credit the account holds.
    #[must_use]
    pub fn credit_balance(&self) -> Money {
        self.closed.last().map_or(Money::ZERO, |month| month.statement.credit_balance) + self.granted
    }

    /// Amount waiting to be charged because it was too small.
    #[must_use]
    pub fn carried(&self) -> Money {
        self.closed.last().map_or(Money::ZERO, |month| month.statement.carried_out)
    }

    /// One line per instance and month that came out differently, because of events the closing did not know.
    ///
    /// # Errors
    /// [`RulesError::NoPrice`].
    pub fn adjustments(&self, subscriptions: &[Subscription], invoice: InvoiceId) -> Result<Vec<Line>, RulesError> {
        let mut lines = vec![];
        let mut months: Vec<&ClosedMonth> = self.closed.iter().collect();
        months.sort_by_key(|month| month.statement.competencia);
        for closed in months {
            let competencia = closed.statement.competencia;
            let month = LocalMonth::new(competencia, closed.frozen.system.tz);
            let rounding = closed.frozen.system.rounding;
            for subscription in subscriptions.iter().filter(|known| known.changed_since(closed.as_of, month.end)) {
                let charged = charge_active(subscription, &month, &closed.frozen)?;
                let due = charged.as_ref().map_or(Money::ZERO, |charge| charge.amount);
                let gross = due - self.billed(subscription.instance, competencia);
                if gross.is_zero() {
                    continue;
                }
                let kept = (Decimal::ONE_HUNDRED - closed.frozen.account.discount_percent) / Decimal::ONE_HUNDRED;
                let late = subscription.segments.iter().flat_map(|segment| &segment.sources);
                lines.push(Line {
                    id: ids::line_id(invoice, Some(subscription.instance), "adjustment", competencia),
                    kind: LineKind::Adjustment,
                    instance: Some(subscription.instance),
                    name: Some(subscription.name.clone()),
                    reference: competencia,
                    amount: rounding.round(gross.as_decimal() * kept),
                    gross,
                    days: charged.as_ref().map_or(0, |charge| charge.days),
                    of_days: charged.as_ref().map_or(0, |charge| charge.of_days),
                    parts: charged.map(|charge| charge.parts).unwrap_or_default(),
                    sources: late
                        .filter(|source| source.position > closed.as_of && source.occurred_at <= month.end)
                        .cloned()
                        .collect(),
                });
            }
        }
        Ok(lines)
    }

    /// Everything charged or adjusted so far for an instance and month, before discounts.
    fn billed(&self, instance: InstanceId, competencia: Competencia) -> Money {
        self.closed
            .iter()
            .flat_map(|month| &month.statement.lines)
            .filter(|line| line.instance == Some(instance) && line.reference == competencia)
            .map(|line| line.gross)
            .sum()
    }
}
