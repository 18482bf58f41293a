//! A scenario as it is written. What it means is decided in `input` and `settings`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::rules::Rounding;
use crate::rules::plans::{PlanChange, Proration};
use crate::rules::settings::{CloseAt, DueRoll, DunningStep};

/// The file. Fields beside these are notes of its author.
#[derive(Debug, Deserialize)]
pub(super) struct Scenario {
    #[serde(default)]
    pub(super) settings: Settings,
    pub(super) plans: BTreeMap<String, Plan>,
    #[serde(default)]
    pub(super) account: Account,
    pub(super) events: Vec<Event>,
    pub(super) close: Vec<Closing>,
    pub(super) quote_at: Option<String>,
}

/// The settings of billing.md 1.2 with scope S. A misspelt one must not silently keep its default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) tz: Option<String>,
    pub(super) rounding: Option<Rounding>,
    pub(super) trial_hours: Option<u32>,
    pub(super) due_day: Option<u32>,
    pub(super) due_lead_days: Option<u32>,
    pub(super) due_roll: Option<DueRoll>,
    pub(super) extra_closures: Option<Vec<String>>,
    pub(super) close_at: Option<CloseAt>,
    pub(super) min_charge: Option<Value>,
    pub(super) fine_percent: Option<Value>,
    pub(super) interest_percent_month: Option<Value>,
    pub(super) tolerance: Option<Value>,
    pub(super) bill_while_suspended: Option<bool>,
    pub(super) dunning: Option<Vec<DunningStep>>,
    pub(super) suspend_after_days: Option<u32>,
    pub(super) cancel_after_days: Option<u32>,
}

/// Scope P.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Plan {
    pub(super) price: Value,
    #[serde(default)]
    pub(super) proration_first: Proration,
    #[serde(default)]
    pub(super) proration_last: Proration,
    pub(super) proration_base: Option<Value>,
    #[serde(default)]
    pub(super) plan_change: PlanChange,
}

/// Scope A.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) discount_percent: Option<Value>,
    pub(super) due_day: Option<u32>,
    #[serde(default)]
    pub(super) price_overrides: BTreeMap<String, Value>,
}

/// One event; which fields it needs depends on its type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    pub(super) at: String,
    pub(super) recorded_at: Option<String>,
    pub(super) instance: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) plan: Option<String>,
    pub(super) name: Option<String>,
    pub(super) competencia: Option<String>,
    pub(super) amount: Option<Value>,
}

/// A month to close.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Closing {
    pub(super) competencia: String,
    pub(super) at: Option<String>,
}
