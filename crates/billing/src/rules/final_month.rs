//! The last month of a contract (billing.md 1.8): a carried amount is never lost.

use recado_kernel::Money;

use super::due_date::due_date;
use super::{FrozenSettings, Statement, StatementState};

impl Statement {
    /// The same month when the account has been cancelled: nothing can be carried to a next one, so it is issued whatever its size.
    #[must_use]
    pub fn of_last_month(mut self, settings: &FrozenSettings) -> Self {
        if self.state == StatementState::Carried {
            self.state = StatementState::Issued;
            self.due = Some(due_date(self.competencia, self.issued_on, settings));
            self.carried_out = Money::ZERO;
        }
        self
    }
}
