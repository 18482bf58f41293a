//! Payments of a scenario against its invoices.

use std::collections::BTreeMap;

use recado_kernel::{Competencia, Money, Timestamp};

use super::input::{Event, What};
use crate::rules::calendar::local_date;
use crate::rules::{FrozenSettings, Receivable, Statement, StatementState};

/// The invoices issued so far.
#[derive(Debug, Default)]
pub(super) struct Invoices(BTreeMap<Competencia, Receivable>);

impl Invoices {
    /// Takes the invoice of a month, if there is something to pay.
    pub(super) fn issue(&mut self, statement: &Statement, settings: &FrozenSettings) {
        if let (StatementState::Issued, Some(due)) = (statement.state, statement.due) {
            self.0.insert(statement.competencia, Receivable::new(statement.total, due, &settings.system));
        }
    }

    /// The invoices after every payment for which `known` holds, and what was paid beyond them.
    pub(super) fn after<'a>(
        &self,
        events: &'a [Event],
        settings: &FrozenSettings,
        known: impl Fn(&'a Event) -> bool,
    ) -> (BTreeMap<Competencia, Receivable>, Money) {
        let mut payments: Vec<(Timestamp, Competencia, Money)> = events
            .iter()
            .filter(|event| known(event))
            .filter_map(|event| match event.what {
                What::Payment(competencia, amount) => Some((event.at, competencia, amount)),
                _ => None,
            })
            .collect();
        // By the payer's date, not by the day it became known.
        payments.sort_by_key(|(at, ..)| *at);
        let mut invoices = self.0.clone();
        let mut excess = Money::ZERO;
        for (at, competencia, amount) in payments {
            let on = local_date(at, settings.system.tz);
            excess += invoices.get_mut(&competencia).map_or(amount, |invoice| invoice.pay(on, amount).excess);
        }
        (invoices, excess)
    }
}
