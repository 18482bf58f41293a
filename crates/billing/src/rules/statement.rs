//! The arithmetic of an account's month, in the order of billing.md 1.8.

use chrono::NaiveDate;
use recado_kernel::{AccountId, Competencia, InstanceId, InvoiceId, Money, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::calendar::{LocalMonth, local_date};
use super::due_date::due_date;
use super::suspension::charge_active;
use super::{FrozenSettings, InstanceFacts, Ledger, Part, RulesError, Source, Subscription, ids};

/// Everything a month's statement depends on.
#[derive(Debug, Clone, Copy)]
pub struct MonthInput<'a> {
    /// Whose month.
    pub account: AccountId,
    /// Which month.
    pub competencia: Competencia,
    /// 0; grows after a void and reissue.
    pub revision: u32,
    /// Settings in force.
    pub settings: &'a FrozenSettings,
    /// The account's instances.
    pub instances: &'a [InstanceFacts],
    /// The account's earlier closings.
    pub ledger: &'a Ledger,
    /// The present moment; a month that still runs counts as issued on the first day after it.
    pub now: Timestamp,
}

/// An account's month: lines and totals. The lines always add up to the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Which month.
    pub competencia: Competencia,
    /// Instances first, by creation; then adjustments, discount, carried, credits.
    pub lines: Vec<Line>,
    /// Instances charged.
    pub instances: u32,
    /// Sum of the instance lines.
    pub subtotal: Money,
    /// Zero or negative.
    pub discount: Money,
    /// Differences of earlier months, net of their discount.
    pub adjustments: Money,
    /// Brought forward from the month before.
    pub carried_in: Money,
    /// A negative month becomes credit.
    pub credit_added: Money,
    /// Taken from the credit balance; positive.
    pub credit_used: Money,
    /// To be paid; never negative.
    pub total: Money,
    /// What becomes of it.
    pub state: StatementState,
    /// Local date of issue.
    pub issued_on: NaiveDate,
    /// Only when there is something to pay.
    pub due: Option<NaiveDate>,
    /// Credit left afterwards.
    pub credit_balance: Money,
    /// Amount passed on to the next month.
    pub carried_out: Money,
}

impl Statement {
    /// Is there anything to show a customer? Without instances and adjustments there is no invoice (billing.md 1.8), unless an amount
    /// carried so far is to be paid now: it is never lost.
    #[must_use]
    pub fn makes_invoice(&self) -> bool {
        self.state == StatementState::Issued
            || self.lines.iter().any(|line| matches!(line.kind, LineKind::Instance | LineKind::Adjustment))
    }
}

/// What becomes of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementState {
    /// Nothing to charge.
    None,
    /// Too small: passed on to the next month.
    Carried,
    /// Lines exist, nothing to pay.
    SettledZero,
    /// To be paid.
    Issued,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// One instance's month.
    Instance,
    /// An instance's earlier month came out differently.
    Adjustment,
    /// The account's discount.
    Discount,
    /// Brought forward from the month before.
    Carried,
    /// A negative month kept as credit: positive, it lifts the total to zero.
    CreditAdded,
    /// Credit used: negative.
    CreditUsed,
}

impl LineKind {
    /// The wire name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Adjustment => "adjustment",
            Self::Discount => "discount",
            Self::Carried => "carried",
            Self::CreditAdded => "credit_added",
            Self::CreditUsed => "credit_used",
        }
    }
}

/// One printed line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Deterministic.
    pub id: Uuid,
    /// What it is.
    pub kind: LineKind,
    /// Which instance, for instances and adjustments.
    pub instance: Option<InstanceId>,
    /// The instance's display name when the month was closed.
    pub name: Option<String>,
    /// The month it refers to.
    pub reference: Competencia,
    /// Signed.
    pub amount: Money,
    /// Before the discount; differs from the amount on adjustments only.
    pub gross: Money,
    /// Days charged.
    pub days: u32,
    /// Days of the month; 0 on lines that are not about days.
    pub of_days: u32,
    /// By plan and price.
    pub parts: Vec<Part>,
    /// The events behind it.
    pub sources: Vec<Source>,
}

/// Computes an account's month.
///
/// # Errors
/// [`RulesError::NoPrice`].
pub fn compute(input: &MonthInput<'_>) -> Result<Statement, RulesError> {
    let settings = input.settings;
    let month = LocalMonth::new(input.competencia, settings.system.tz);
    let invoice = ids::invoice_id(input.account, input.competencia, input.revision);
    let mut subscriptions: Vec<Subscription> = input.instances.iter().map(Subscription::fold).collect();
    subscriptions.sort_by_key(|subscription| (subscription.created_at, subscription.instance));

    let mut lines = instance_lines(&subscriptions, &month, settings, invoice)?;
    let instances = u32::try_from(lines.len()).unwrap_or(u32::MAX);
    let subtotal: Money = lines.iter().map(|line| line.amount).sum();
    let percent = settings.account.discount_percent / Decimal::ONE_HUNDRED;
    let discount = Money::ZERO - settings.system.rounding.round(subtotal.as_decimal() * percent);
    let adjusting = input.ledger.adjustments(&subscriptions, invoice)?;
    let adjustments: Money = adjusting.iter().map(|line| line.amount).sum();
    lines.extend(adjusting);
    let carried_in = input.ledger.carried();

    let net = subtotal + discount + adjustments + carried_in;
    let credit_added = if net.is_negative() { -net } else { Money::ZERO };
    let available = input.ledger.credit_balance() + credit_added;
    let payable = net + credit_added;
    let credit_used = if credit_added.is_zero() { available.min(payable) } else { Money::ZERO };
    let total = payable - credit_used;
    for (kind, amount) in [
        (LineKind::Discount, discount),
        (LineKind::Carried, carried_in),
        (LineKind::CreditAdded, credit_added),
        (LineKind::CreditUsed, -credit_used),
    ] {
        if !amount.is_zero() {
            lines.push(plain_line(invoice, kind, input.competencia, amount));
        }
    }
    let state = match () {
        () if lines.is_empty() => StatementState::None,
        () if total.is_zero() => StatementState::SettledZero,
        () if total < settings.system.min_charge => StatementState::Carried,
        () => StatementState::Issued,
    };
    // A running month will be issued when it is over.
    let issued_on = local_date(input.now, settings.system.tz).max(input.competencia.next().first_day());
    Ok(Statement {
        competencia: input.competencia,
        lines,
        instances,
        subtotal,
        discount,
        adjustments,
        carried_in,
        credit_added,
        credit_used,
        total,
        state,
        issued_on,
        due: (state == StatementState::Issued).then(|| due_date(input.competencia, issued_on, settings)),
        credit_balance: available - credit_used,
        carried_out: if state == StatementState::Carried { total } else { Money::ZERO },
    })
}

fn instance_lines(
    subscriptions: &[Subscription],
    month: &LocalMonth,
    settings: &FrozenSettings,
    invoice: InvoiceId,
) -> Result<Vec<Line>, RulesError> {
    let mut lines = vec![];
    for subscription in subscriptions {
        let Some(charge) = charge_active(subscription, month, settings)? else { continue };
        lines.push(Line {
            id: ids::line_id(invoice, Some(subscription.instance), "instance", month.competencia),
            kind: LineKind::Instance,
            instance: Some(subscription.instance),
            name: Some(subscription.name.clone()),
            reference: month.competencia,
            amount: charge.amount,
            gross: charge.amount,
            days: charge.days,
            of_days: charge.of_days,
            parts: charge.parts,
            sources: charge.sources,
        });
    }
    Ok(lines)
}

fn plain_line(invoice: InvoiceId, kind: LineKind, reference: Competencia, amount: Money) -> Line {
    Line {
        id: ids::line_id(invoice, None, kind.as_str(), reference),
        kind,
        instance: None,
        name: None,
        reference,
        amount,
        gross: amount,
        days: 0,
        of_days: 0,
        parts: vec![],
        sources: vec![],
    }
}
