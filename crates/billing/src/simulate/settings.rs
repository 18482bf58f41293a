//! Settings, plans and account terms of a scenario, with the defaults of billing.md 1.2.

use recado_kernel::Money;
use rust_decimal::Decimal;
use serde_json::Value;

use super::InvalidScenario;
use super::raw::{Account, Plan, Scenario, Settings};
use crate::amount_text::parse_amount;
use crate::rules::plans::ProrationBase;
use crate::rules::{AccountTerms, BillingSettings, FrozenSettings, PlanCatalog, PlanCode, PlanTerms};

/// Checks the ranges and puts everything together.
pub(super) fn frozen(raw: &Scenario) -> Result<FrozenSettings, InvalidScenario> {
    let plans = catalog(raw)?;
    let system = system(&raw.settings, plans)?;
    system.validate().map_err(|error| InvalidScenario::new(error.to_string()))?;
    Ok(FrozenSettings { system, account: account(&raw.account, &raw.plans)? })
}

fn catalog(raw: &Scenario) -> Result<PlanCatalog, InvalidScenario> {
    let mut plans = PlanCatalog::empty();
    for (code, plan) in &raw.plans {
        plans = plans.with(code, terms(code, plan)?);
    }
    Ok(plans)
}

fn terms(code: &str, plan: &Plan) -> Result<PlanTerms, InvalidScenario> {
    let proration_base = match plan.proration_base.as_ref().map(text) {
        None => ProrationBase::default(),
        Some(base) => match base.as_deref() {
            Some("actual") => ProrationBase::Actual,
            Some("30") => ProrationBase::Thirty,
            _ => return Err(InvalidScenario(format!("plans.{code}.proration_base must be \"actual\" or \"30\""))),
        },
    };
    Ok(PlanTerms {
        price: amount(&plan.price, &format!("plans.{code}.price"))?,
        proration_first: plan.proration_first,
        proration_last: plan.proration_last,
        proration_base,
        plan_change: plan.plan_change,
    })
}

fn system(raw: &Settings, plans: PlanCatalog) -> Result<BillingSettings, InvalidScenario> {
    let defaults = BillingSettings::default();
    let tz = match &raw.tz {
        None => defaults.tz,
        Some(name) => name.parse().map_err(|_| {
            InvalidScenario(format!("settings.tz: \"{name}\" is not an IANA time zone, for example America/Sao_Paulo"))
        })?,
    };
    let money = |value: &Option<Value>, name: &str, default: Money| {
        value.as_ref().map_or(Ok(default), |value| amount(value, &format!("settings.{name}")))
    };
    let percent = |value: &Option<Value>, name: &str, default: Decimal| {
        value.as_ref().map_or(Ok(default), |value| percent(value, &format!("settings.{name}")))
    };
    let day = |text: &String| {
        text.parse().map_err(|_| InvalidScenario(format!("settings.extra_closures: \"{text}\" is not a date (YYYY-MM-DD)")))
    };
    Ok(BillingSettings {
        plans,
        trial_hours: raw.trial_hours.unwrap_or(defaults.trial_hours),
        tz,
        rounding: raw.rounding.unwrap_or(defaults.rounding),
        due_day: raw.due_day.unwrap_or(defaults.due_day),
        due_lead_days: raw.due_lead_days.unwrap_or(defaults.due_lead_days),
        due_roll: raw.due_roll.unwrap_or(defaults.due_roll),
        extra_closures: raw.extra_closures.iter().flatten().map(day).collect::<Result<_, _>>()?,
        close_at: raw.close_at.unwrap_or(defaults.close_at),
        min_charge: money(&raw.min_charge, "min_charge", defaults.min_charge)?,
        fine_percent: percent(&raw.fine_percent, "fine_percent", defaults.fine_percent)?,
        interest_percent_month: percent(&raw.interest_percent_month, "interest_percent_month", defaults.interest_percent_month)?,
        tolerance: money(&raw.tolerance, "tolerance", defaults.tolerance)?,
        bill_while_suspended: raw.bill_while_suspended.unwrap_or(defaults.bill_while_suspended),
        dunning: raw.dunning.clone().unwrap_or(defaults.dunning),
        suspend_after_days: raw.suspend_after_days.unwrap_or(defaults.suspend_after_days),
        cancel_after_days: raw.cancel_after_days.unwrap_or(defaults.cancel_after_days),
    })
}

fn account(raw: &Account, plans: &std::collections::BTreeMap<String, Plan>) -> Result<AccountTerms, InvalidScenario> {
    let discount_percent = match &raw.discount_percent {
        None => Decimal::ZERO,
        Some(value) => percent(value, "account.discount_percent")?,
    };
    if discount_percent > Decimal::ONE_HUNDRED || discount_percent.normalize().scale() > 4 {
        return Err(InvalidScenario::new("account.discount_percent must be 0 to 100 with at most four decimals"));
    }
    if raw.due_day.is_some_and(|day| !(1..=31).contains(&day)) {
        return Err(InvalidScenario::new("account.due_day must be 1 to 31"));
    }
    let mut terms = AccountTerms { discount_percent, due_day: raw.due_day, ..AccountTerms::default() };
    for (plan, price) in &raw.price_overrides {
        if !plans.contains_key(plan) {
            return Err(InvalidScenario(format!("account.price_overrides: there is no plan \"{plan}\" in plans")));
        }
        let price = amount(price, &format!("account.price_overrides.{plan}"))?;
        terms.price_overrides.insert(PlanCode::new(plan), price);
    }
    Ok(terms)
}

/// An amount: a string, or a whole number. A number with decimals has been through binary floating point and is refused.
pub(super) fn amount(value: &Value, name: &str) -> Result<Money, InvalidScenario> {
    let wrong = |problem: &str| InvalidScenario(format!("{name}: {problem}"));
    let text = text(value).ok_or_else(|| wrong("an amount is a string, for example \"99.90\""))?;
    parse_amount(&text).map_err(|error| wrong(&error.to_string()))
}

fn percent(value: &Value, name: &str) -> Result<Decimal, InvalidScenario> {
    let wrong = || InvalidScenario(format!("{name}: a percentage is a string of zero or more, for example \"2.5\""));
    let text = text(value).ok_or_else(wrong)?;
    let plain = !text.is_empty() && text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { text.parse().map_err(|_| wrong()) } else { Err(wrong()) }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}
