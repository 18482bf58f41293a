//! A scenario that has been checked: every instant, plan, instance and amount in it makes sense.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, Duration};
use recado_kernel::{Competencia, Money, Timestamp};

use super::{InvalidScenario, raw, settings};
use crate::rules::calendar::{LocalMonth, first_instant};
use crate::rules::{FactKind, FrozenSettings, PlanCode};

/// What is to be computed.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) settings: FrozenSettings,
    /// In the order in which they were recorded.
    pub(super) events: Vec<Event>,
    /// In the order in which they are made, each month once.
    pub(super) closings: Vec<Closing>,
    pub(super) quote_at: Option<Timestamp>,
}

/// Something that happened.
#[derive(Debug, Clone)]
pub(super) struct Event {
    /// Business time.
    pub(super) at: Timestamp,
    /// When the log came to know it.
    pub(super) recorded_at: Timestamp,
    pub(super) what: What,
}

/// What happened.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// To one instance.
    Instance(String, FactKind),
    /// To every instance of the account.
    Everywhere(FactKind),
    /// The contract ended.
    AccountCancelled,
    /// Nothing that counts.
    Nothing,
    /// Money came in.
    Payment(Competencia, Money),
}

/// A month and the moment it is closed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closing {
    pub(super) competencia: Competencia,
    pub(super) at: Timestamp,
}

impl Scenario {
    pub(super) fn read(raw: raw::Scenario) -> Result<Self, InvalidScenario> {
        let settings = settings::frozen(&raw)?;
        let plans: BTreeSet<&str> = raw.plans.keys().map(String::as_str).collect();
        let mut events = vec![];
        for (number, event) in (1..).zip(&raw.events) {
            let place = format!("event {number} ({})", event.kind);
            events.push(read_event(event, &plans).map_err(|problem| InvalidScenario(format!("{place}: {problem}")))?);
        }
        check_order(&events)?;
        let closings = closings(&raw.close, &settings)?;
        check_payments(&events, &closings)?;
        events.sort_by_key(|event| event.recorded_at);
        let quote_at = raw.quote_at.as_deref().map(|text| instant(text, "quote_at")).transpose().map_err(InvalidScenario)?;
        Ok(Self { settings, events, closings, quote_at })
    }
}

fn read_event(raw: &raw::Event, plans: &BTreeSet<&str>) -> Result<Event, String> {
    let at = instant(&raw.at, "at")?;
    let recorded_at = raw.recorded_at.as_deref().map_or(Ok(at), |text| instant(text, "recorded_at"))?;
    if recorded_at < at {
        return Err("recorded_at is before at: nothing is recorded before it happens".to_owned());
    }
    let plan = || match raw.plan.as_deref() {
        None => Err("the plan is missing".to_owned()),
        Some(code) if plans.contains(code) => Ok(PlanCode::new(code)),
        Some(code) => Err(format!("there is no plan \"{code}\" in plans")),
    };
    let kind = match raw.kind.as_str() {
        "created" => FactKind::Created { name: raw.name.clone().unwrap_or_default() },
        // They cost nothing and move nothing (billing.md 1.4).
        "renamed" | "connected" | "disconnected" => return Ok(Event { at, recorded_at, what: What::Nothing }),
        "subscribed" => FactKind::Subscribed { plan: plan()? },
        "plan_changed" => FactKind::PlanChanged { plan: plan()? },
        "cancelled" => FactKind::Cancelled,
        "suspended" => FactKind::Suspended,
        "reactivated" => FactKind::Reactivated,
        "account_cancelled" => return Ok(Event { at, recorded_at, what: What::AccountCancelled }),
        "payment" => return Ok(Event { at, recorded_at, what: payment(raw)? }),
        _ => {
            return Err(
                "unknown type; it is one of subscribed, plan_changed, cancelled, suspended, reactivated, account_cancelled, \
                        payment, created, renamed, connected, disconnected"
                    .to_owned(),
            );
        }
    };
    let what = match (raw.instance.as_deref().filter(|name| !name.is_empty()), kind) {
        (Some(name), kind) => What::Instance(name.to_owned(), kind),
        (None, kind @ (FactKind::Suspended | FactKind::Reactivated)) => What::Everywhere(kind),
        (None, _) => return Err("the instance is missing".to_owned()),
    };
    Ok(Event { at, recorded_at, what })
}

fn payment(raw: &raw::Event) -> Result<What, String> {
    let month = raw.competencia.as_deref().ok_or("the competencia of the invoice is missing")?;
    let month = month.parse().map_err(|error| format!("competencia: {error}"))?;
    let amount = raw.amount.as_ref().ok_or("the amount is missing")?;
    let amount = settings::amount(amount, "amount").map_err(|error| error.to_string())?;
    if amount.is_zero() { Err("a payment is more than 0.00".to_owned()) } else { Ok(What::Payment(month, amount)) }
}

/// RFC 3339, in the years for which months are known.
fn instant(text: &str, name: &str) -> Result<Timestamp, String> {
    let at = chrono::DateTime::parse_from_rfc3339(text)
        .map_err(|_| format!("{name}: \"{text}\" is not a time of RFC 3339, for example 2026-03-20T17:00:00Z"))?
        .to_utc();
    if (2001..=2198).contains(&at.year()) { Ok(at) } else { Err(format!("{name}: the year must be 2001 to 2198")) }
}

/// An instance's story goes forward, in the order of happening or in that of recording; it begins with a subscription.
fn check_order(events: &[Event]) -> Result<(), InvalidScenario> {
    let mut last: BTreeMap<&str, &Event> = BTreeMap::new();
    let mut subscribed: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for event in events {
        if let What::Instance(name, FactKind::Subscribed { .. }) = &event.what {
            let first = subscribed.entry(name).or_insert(event.at);
            *first = event.at.min(*first);
        }
    }
    for (number, event) in (1..).zip(events) {
        let What::Instance(name, kind) = &event.what else { continue };
        let before = last.insert(name, event);
        if before.is_some_and(|before| event.at < before.at && event.recorded_at < before.recorded_at) {
            return Err(InvalidScenario(format!(
                "event {number}: the events of instance \"{name}\" are out of order: {} comes after a later one",
                event.at.to_rfc3339()
            )));
        }
        let needs_subscription = matches!(kind, FactKind::Cancelled | FactKind::PlanChanged { .. });
        if needs_subscription && subscribed.get(name.as_str()).is_none_or(|first| *first > event.at) {
            return Err(InvalidScenario(format!(
                "event {number}: the events of instance \"{name}\" are out of order: it is not subscribed on {}",
                event.at.to_rfc3339()
            )));
        }
    }
    Ok(())
}

fn closings(raw: &[raw::Closing], settings: &FrozenSettings) -> Result<Vec<Closing>, InvalidScenario> {
    let zone = settings.system.tz;
    let mut closings: Vec<Closing> = vec![];
    for (number, closing) in (1..).zip(raw) {
        let wrong = |problem: String| InvalidScenario(format!("close {number}: {problem}"));
        let competencia: Competencia = closing.competencia.parse().map_err(|error| wrong(format!("competencia: {error}")))?;
        let month = LocalMonth::new(competencia, zone);
        let at = match &closing.at {
            Some(text) => instant(text, "at").map_err(wrong)?,
            None => {
                let close_at = settings.system.close_at;
                let day = competencia.next().first_day().with_day(close_at.day).unwrap_or_default();
                first_instant(day, zone) + Duration::hours(close_at.hour.into())
            }
        };
        if !month.is_over(at) {
            return Err(wrong(format!(
                "{competencia} is not over at {}: it ends at {}",
                at.to_rfc3339(),
                month.end.to_rfc3339()
            )));
        }
        // Closing again changes nothing (billing.md 1.10).
        if !closings.iter().any(|known| known.competencia == competencia && known.at <= at) {
            closings.retain(|known| known.competencia != competencia);
            closings.push(Closing { competencia, at });
        }
    }
    closings.sort_by_key(|closing| (closing.at, closing.competencia));
    Ok(closings)
}

/// Only an invoice that exists can be paid.
fn check_payments(events: &[Event], closings: &[Closing]) -> Result<(), InvalidScenario> {
    for (number, event) in (1..).zip(events) {
        let What::Payment(month, _) = &event.what else { continue };
        let closing = closings.iter().find(|closing| closing.competencia == *month);
        if closing.is_none_or(|closing| event.recorded_at < closing.at) {
            return Err(InvalidScenario(format!("event {number} (payment): there is no invoice of {month} to pay at that time")));
        }
    }
    Ok(())
}
