//! What a simulation answers; amounts are strings.

use chrono::NaiveDate;
use recado_kernel::{Competencia, InstanceId, Money};
use serde::Serialize;

use crate::rules::{LineKind, PlanCode, Quote, Receivable, Statement, StatementState};

/// Every closing of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Simulation {
    /// In the order of closing.
    pub months: Vec<Month>,
    /// Credit the account holds at the end.
    pub credit_balance: Money,
}

/// One closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Month {
    /// Which month.
    pub competencia: Competencia,
    /// Instances, then adjustments of earlier months.
    pub lines: Vec<MonthLine>,
    /// Zero or negative.
    pub discount: Money,
    /// Sum of the adjustment lines.
    pub adjustments: Money,
    /// Brought forward because it was too small.
    pub carried_in: Money,
    /// Taken from the credit balance; positive.
    pub credit_used: Money,
    /// To be paid.
    pub total: Money,
    /// What became of it.
    pub state: MonthStatus,
    /// Only of months with something to pay.
    pub due_date: Option<NaiveDate>,
    /// Still owed on the day of the quote.
    pub open: Quote,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthLine {
    /// As the scenario calls it.
    pub instance: String,
    /// Instance or adjustment.
    pub kind: LineKind,
    /// The month it is about.
    #[serde(rename = "ref")]
    pub reference: Competencia,
    /// Signed.
    pub amount: Money,
    /// Of instance lines, by plan; they add up to the amount.
    pub parts: Vec<MonthPart>,
}

/// Days on one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthPart {
    /// The plan.
    pub plan: PlanCode,
    /// Days charged.
    pub days: u32,
    /// This part of the line.
    pub amount: Money,
}

/// What became of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthStatus {
    /// Nothing to charge.
    None,
    /// Too small: passed on.
    Carried,
    /// Lines exist, nothing to pay.
    SettledZero,
    /// To be paid.
    Issued,
    /// Nothing is owed any more.
    Paid,
}

impl Month {
    pub(super) fn of(
        statement: &Statement,
        invoice: Option<&Receivable>,
        on: NaiveDate,
        name: impl Fn(InstanceId) -> Option<String>,
    ) -> Self {
        let printed = statement.lines.iter().filter(|line| matches!(line.kind, LineKind::Instance | LineKind::Adjustment));
        let lines = printed
            .map(|line| MonthLine {
                instance: line.instance.and_then(&name).unwrap_or_default(),
                kind: line.kind,
                reference: line.reference,
                amount: line.amount,
                parts: match line.kind {
                    LineKind::Instance => {
                        let part = |part: &crate::rules::Part| MonthPart {
                            plan: part.plan.clone(),
                            days: part.days,
                            amount: part.amount,
                        };
                        line.parts.iter().map(part).collect()
                    }
                    // An adjustment is a difference: the days behind it do not add up to it.
                    _ => vec![],
                },
            })
            .collect();
        let state = match statement.state {
            StatementState::None => MonthStatus::None,
            StatementState::Carried => MonthStatus::Carried,
            StatementState::SettledZero => MonthStatus::SettledZero,
            StatementState::Issued if invoice.is_some_and(Receivable::is_settled) => MonthStatus::Paid,
            StatementState::Issued => MonthStatus::Issued,
        };
        Self {
            competencia: statement.competencia,
            lines,
            discount: statement.discount,
            adjustments: statement.adjustments,
            carried_in: statement.carried_in,
            credit_used: statement.credit_used,
            total: statement.total,
            state,
            due_date: statement.due,
            open: invoice.map(|invoice| invoice.quote(on)).unwrap_or_default(),
        }
    }
}
