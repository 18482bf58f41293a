//! "Quanto vou pagar?": the rules of [`crate::rules`] on a scenario written as JSON, without a database.
//!
//! A scenario has plans, the events of one account's instances, and the months to close. Events known too late become adjustment
//! lines, over-payments and negative months become credit, small amounts are carried on, exactly as in a real closing: the same code
//! computes both.

mod input;
mod output;
mod payments;
mod raw;
mod run;
mod settings;
#[cfg(test)]
mod tests;

pub use output::{Month, MonthLine, MonthPart, MonthStatus, Simulation};

/// Why a scenario cannot be computed: a sentence for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidScenario(String);

impl InvalidScenario {
    fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// Computes the scenario written in `json`.
///
/// # Errors
/// [`InvalidScenario`]: what is wrong with the text, and where.
pub fn simulate(json: &str) -> Result<Simulation, InvalidScenario> {
    let raw: raw::Scenario = serde_json::from_str(json).map_err(|error| InvalidScenario(format!("not a scenario: {error}")))?;
    run::run(&input::Scenario::read(raw)?)
}
