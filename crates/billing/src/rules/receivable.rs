//! What is still owed on one invoice, payment by payment (billing.md 1.12, 1.13).

use chrono::NaiveDate;
use recado_kernel::Money;
use serde::{Deserialize, Serialize};

use super::late::days_late;
use super::{BillingSettings, LateTerms};

/// An issued invoice as something to be paid. Dates are local; payments go in by the payer's date, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receivable {
    issued: Money,
    due: NaiveDate,
    terms: LateTerms,
    tolerance: Money,
    standing: Standing,
}

/// What has become of the amount so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Still owed of the invoice itself.
    pub principal: Money,
    /// Fine that fell due and was not paid.
    pub fine: Money,
    /// Interest up to `interest_to` that was not paid.
    pub interest: Money,
    /// Has the fine fallen due? It does so once.
    pub fined: bool,
    /// Interest runs from here.
    pub interest_to: NaiveDate,
    /// Received for the invoice itself.
    pub paid_principal: Money,
    /// Fine and interest received.
    pub late_fees: Money,
    /// Sum of the credit notes.
    pub credit_notes: Money,
    /// Given up.
    pub written_off: Money,
}

/// The open amount on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quote {
    /// Of the invoice itself.
    pub principal: Money,
    /// Multa not paid yet.
    pub fine: Money,
    /// Juros up to the day, not paid yet.
    pub interest: Money,
    /// The sum: what settles the invoice on that day.
    pub total: Money,
}

/// Where a payment went. The parts up to `excess` add up to the payment; `written_off` does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    /// To the fine.
    pub fine: Money,
    /// To interest.
    pub interest: Money,
    /// To the principal.
    pub principal: Money,
    /// More than was owed: goes to the account's credit balance.
    pub excess: Money,
    /// Principal given up because no more than the tolerance was left.
    pub written_off: Money,
}

/// Where a credit note went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Credited {
    /// Taken off the open principal.
    pub principal: Money,
    /// The rest was paid already: goes to the account's credit balance.
    pub to_balance: Money,
}

/// Credit notes of an invoice never exceed its total (billing.md 1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("credit notes of this invoice may add up to {left} more at most")]
pub struct CreditTooLarge {
    /// What may still be credited.
    pub left: Money,
}

impl Receivable {
    /// An invoice of `issued`, due at the end of `due`, with the settings frozen on it.
    #[must_use]
    pub fn new(issued: Money, due: NaiveDate, settings: &BillingSettings) -> Self {
        Self::with_terms(issued, due, LateTerms::from(settings), settings.tolerance)
    }

    /// The same with nothing but what the settings say about late payment.
    #[must_use]
    pub const fn with_terms(issued: Money, due: NaiveDate, terms: LateTerms, tolerance: Money) -> Self {
        Self {
            issued,
            due,
            terms,
            tolerance,
            standing: Standing {
                principal: issued,
                fine: Money::ZERO,
                interest: Money::ZERO,
                fined: false,
                interest_to: due,
                paid_principal: Money::ZERO,
                late_fees: Money::ZERO,
                credit_notes: Money::ZERO,
                written_off: Money::ZERO,
            },
        }
    }

    /// The same invoice where it stood.
    #[must_use]
    pub const fn standing_at(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }

    /// Where it stands.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// What would settle the invoice on `on`. Changes nothing.
    #[must_use]
    pub fn quote(&self, on: NaiveDate) -> Quote {
        let mut then = self.clone();
        then.accrue(on);
        let (principal, fine, interest) = (then.standing.principal, then.standing.fine, then.standing.interest);
        Quote { principal, fine, interest, total: principal + fine + interest }
    }

    /// Records a payment made on `on`: first fine, then interest, then principal. Interest goes on from that day on the principal that
    /// is left; the fine is not charged again. A rest within the tolerance is given up.
    pub fn pay(&mut self, on: NaiveDate, amount: Money) -> Receipt {
        self.accrue(on);
        let mut left = amount;
        let mut receipt = Receipt {
            fine: take(&mut left, &mut self.standing.fine),
            interest: take(&mut left, &mut self.standing.interest),
            principal: take(&mut left, &mut self.standing.principal),
            excess: left,
            written_off: Money::ZERO,
        };
        self.standing.paid_principal += receipt.principal;
        self.standing.late_fees += receipt.fine + receipt.interest;
        if amount > Money::ZERO && self.quote(on).total <= self.tolerance {
            receipt.written_off = self.give_up();
        }
        receipt
    }

    /// Lowers the invoice by a credit note given on `on`; what was paid already becomes credit of the account.
    ///
    /// # Errors
    /// [`CreditTooLarge`].
    pub fn credit(&mut self, on: NaiveDate, amount: Money) -> Result<Credited, CreditTooLarge> {
        let left = self.issued - self.standing.credit_notes;
        if amount > left {
            return Err(CreditTooLarge { left });
        }
        self.accrue(on);
        let mut rest = amount;
        let principal = take(&mut rest, &mut self.standing.principal);
        self.standing.credit_notes += amount;
        Ok(Credited { principal, to_balance: rest })
    }

    /// Gives up what is open (`incobrável`): the principal that leaves aging.
    pub fn write_off(&mut self) -> Money {
        self.give_up()
    }

    /// Nothing is owed any more?
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.standing.principal.is_zero() && self.standing.fine.is_zero() && self.standing.interest.is_zero()
    }

    /// Overdue from 00:00 local of the day after the due date, if anything is owed.
    #[must_use]
    pub fn is_overdue(&self, on: NaiveDate) -> bool {
        on > self.due && !self.is_settled()
    }

    /// Does it keep an account suspended? Only a balance above the tolerance does.
    #[must_use]
    pub fn keeps_suspended(&self, on: NaiveDate) -> bool {
        self.is_overdue(on) && self.quote(on).total > self.tolerance
    }

    /// Principal still open.
    #[must_use]
    pub const fn principal(&self) -> Money {
        self.standing.principal
    }

    /// Principal received.
    #[must_use]
    pub const fn paid_principal(&self) -> Money {
        self.standing.paid_principal
    }

    /// Fine and interest received.
    #[must_use]
    pub const fn late_fees(&self) -> Money {
        self.standing.late_fees
    }

    /// Sum of the credit notes.
    #[must_use]
    pub const fn credit_notes(&self) -> Money {
        self.standing.credit_notes
    }

    /// Principal given up.
    #[must_use]
    pub const fn written_off(&self) -> Money {
        self.standing.written_off
    }

    /// Brings fine and interest up to `on`. The fine falls due at the end of the due date, on what is open then.
    fn accrue(&mut self, on: NaiveDate) {
        if days_late(self.due, on) == 0 {
            return;
        }
        if !self.standing.fined {
            self.standing.fine += self.terms.fine(self.standing.principal);
            self.standing.fined = true;
        }
        self.standing.interest += self.terms.interest(self.standing.principal, days_late(self.standing.interest_to, on));
        self.standing.interest_to = self.standing.interest_to.max(on);
    }

    fn give_up(&mut self) -> Money {
        let given_up = std::mem::take(&mut self.standing.principal);
        (self.standing.fine, self.standing.interest) = (Money::ZERO, Money::ZERO);
        self.standing.written_off += given_up;
        given_up
    }
}

/// Moves as much as both have.
fn take(from: &mut Money, debt: &mut Money) -> Money {
    let moved = (*from).min(*debt);
    *from = *from - moved;
    *debt = *debt - moved;
    moved
}
