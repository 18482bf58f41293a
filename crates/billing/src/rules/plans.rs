//! Plans and their prices, versioned by month (billing.md 1.2, 1.6).

use std::collections::BTreeMap;
use std::fmt;

use recado_kernel::{Competencia, Money};
use serde::{Deserialize, Serialize};

use super::RulesError;

/// A plan's code, e.g. `PRO`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanCode(String);

impl PlanCode {
    /// Takes the code as it is written in events.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The plan every installation starts with.
    #[must_use]
    pub fn pro() -> Self {
        Self::new("PRO")
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlanCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Is a month that was not used from end to end charged whole?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Proration {
    /// The whole month.
    #[default]
    Full,
    /// Only the days used.
    Daily,
}

/// By what a daily charge is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ProrationBase {
    /// The month's own number of days.
    #[default]
    #[serde(rename = "actual")]
    Actual,
    /// Thirty, never more than one full price.
    #[serde(rename = "30")]
    Thirty,
}

/// When a move to another plan takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanChange {
    /// From the next month; may be undone until then.
    #[default]
    NextMonth,
    /// From the local day of the request, that whole day at the new price.
    ImmediateDaily,
}

/// What a plan costs and how its partial months are charged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanTerms {
    /// Per instance and month.
    pub price: Money,
    /// The month in which a subscription starts.
    #[serde(default)]
    pub proration_first: Proration,
    /// The month in which it is cancelled.
    #[serde(default)]
    pub proration_last: Proration,
    /// Divisor of daily charges.
    #[serde(default)]
    pub proration_base: ProrationBase,
    /// Moves away from this plan.
    #[serde(default)]
    pub plan_change: PlanChange,
}

impl PlanTerms {
    /// The literal reading of the seed: whole months, changes from the next one.
    #[must_use]
    pub fn monthly(price: Money) -> Self {
        Self {
            price,
            proration_first: Proration::default(),
            proration_last: Proration::default(),
            proration_base: ProrationBase::default(),
            plan_change: PlanChange::default(),
        }
    }
}

/// Terms from a month on, until the next version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanVersion {
    /// First month of these terms.
    pub effective_from: Competencia,
    /// The terms.
    #[serde(flatten)]
    pub terms: PlanTerms,
}

/// Every plan with all its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanCatalog(BTreeMap<PlanCode, Vec<PlanVersion>>);

impl Default for PlanCatalog {
    /// PRO at R$ 99,90.
    fn default() -> Self {
        let mut catalog = Self(BTreeMap::new());
        catalog.set(PlanCode::pro(), beginning(), PlanTerms::monthly(Money::from_cents(9_990)));
        catalog
    }
}

impl PlanCatalog {
    /// Without any plan.
    #[must_use]
    pub const fn empty() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds a version, or replaces the one that starts in the same month.
    pub fn set(&mut self, plan: PlanCode, effective_from: Competencia, terms: PlanTerms) {
        let versions = self.0.entry(plan).or_default();
        versions.retain(|version| version.effective_from != effective_from);
        versions.push(PlanVersion { effective_from, terms });
        versions.sort_by_key(|version| version.effective_from);
    }

    /// The same catalogue with `plan` at `terms` from the beginning of time.
    #[must_use]
    pub fn with(mut self, plan: &str, terms: PlanTerms) -> Self {
        self.set(PlanCode::new(plan), beginning(), terms);
        self
    }

    /// The plans' codes.
    pub fn codes(&self) -> impl Iterator<Item = &PlanCode> {
        self.0.keys()
    }

    fn terms(&self, plan: &PlanCode, competencia: Competencia) -> Option<&PlanTerms> {
        let versions = self.0.get(plan)?;
        versions.iter().rev().find(|version| version.effective_from <= competencia).map(|version| &version.terms)
    }
}

/// What one account pays: the catalogue and the account's own prices (a grandfathered account is an override, billing.md 1.6).
#[derive(Debug, Clone, Copy)]
pub struct PriceBook<'a> {
    /// List prices and terms.
    pub catalog: &'a PlanCatalog,
    /// The account's prices, by plan.
    pub overrides: &'a BTreeMap<PlanCode, Money>,
}

impl PriceBook<'_> {
    /// The terms of `plan` in `competencia`, with the account's price.
    ///
    /// # Errors
    /// [`RulesError::NoPrice`].
    pub fn terms(&self, plan: &PlanCode, competencia: Competencia) -> Result<PlanTerms, RulesError> {
        let mut terms = self
            .catalog
            .terms(plan, competencia)
            .cloned()
            .ok_or_else(|| RulesError::NoPrice { plan: plan.clone(), competencia })?;
        if let Some(price) = self.overrides.get(plan) {
            terms.price = *price;
        }
        Ok(terms)
    }
}

/// Before any invoice.
fn beginning() -> Competencia {
    Competencia::of_local(chrono::NaiveDate::MIN)
}
