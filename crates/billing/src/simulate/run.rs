//! The closings of a scenario, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use recado_event_store::Position;
use recado_kernel::{AccountId, InstanceId, Money, Timestamp};
use uuid::Uuid;

use super::input::{Event, Scenario, What};
use super::payments::Invoices;
use super::{InvalidScenario, Simulation, output};
use crate::rules::calendar::{LocalMonth, local_date};
use crate::rules::{ClosedMonth, Fact, FactKind, InstanceFacts, Ledger, MonthInput, Statement, compute};

pub(super) fn run(scenario: &Scenario) -> Result<Simulation, InvalidScenario> {
    let settings = &scenario.settings;
    let ids = Names::new(&scenario.events);
    let (mut ledger, mut invoices, mut granted) = (Ledger::default(), Invoices::default(), Money::ZERO);
    let mut statements: Vec<Statement> = vec![];
    for closing in &scenario.closings {
        let known = scenario.events.iter().take_while(|event| event.recorded_at < closing.at).count();
        let known = &scenario.events[..known];
        let (_, excess) = invoices.after(known, settings, |_| true);
        ledger.grant(excess - granted);
        granted = excess;
        let input = MonthInput {
            account: AccountId::from_uuid(Uuid::nil()),
            competencia: closing.competencia,
            revision: 0,
            settings,
            instances: &ids.facts(known),
            ledger: &ledger,
            now: closing.at,
        };
        let mut statement = compute(&input).map_err(|error| InvalidScenario::new(error.to_string()))?;
        if has_ended(known, &LocalMonth::new(closing.competencia, settings.system.tz)) {
            statement = statement.of_last_month(settings);
        }
        invoices.issue(&statement, settings);
        let as_of = place(known.len());
        ledger.record(ClosedMonth { statement: statement.clone(), frozen: settings.clone(), as_of });
        statements.push(statement);
    }
    let (_, excess) = invoices.after(&scenario.events, settings, |_| true);
    ledger.grant(excess - granted);

    let quote_at = scenario.quote_at.unwrap_or_else(|| last_moment(scenario));
    let on = local_date(quote_at, settings.system.tz);
    let (paid, _) = invoices.after(&scenario.events, settings, |event| event.recorded_at <= quote_at);
    let months = statements
        .iter()
        .map(|statement| output::Month::of(statement, paid.get(&statement.competencia), on, |instance| ids.name(instance)));
    Ok(Simulation { months: months.collect(), credit_balance: ledger.credit_balance() })
}

/// Is the contract over with the end of `month`? A subscription after the cancellation begins a new one.
fn has_ended(known: &[Event], month: &LocalMonth) -> bool {
    let decides = |what: &What| matches!(what, What::AccountCancelled | What::Instance(_, FactKind::Subscribed { .. }));
    let deciding = known.iter().filter(|event| event.at <= month.end && decides(&event.what));
    // Of several at one instant the one recorded last counts.
    deciding.max_by_key(|event| event.at).is_some_and(|event| matches!(event.what, What::AccountCancelled))
}

/// Without `quote_at`: when everything written has happened.
fn last_moment(scenario: &Scenario) -> Timestamp {
    let payments = scenario.events.iter().filter(|event| matches!(event.what, What::Payment(..)));
    let closings = scenario.closings.iter().map(|closing| closing.at);
    payments.map(|event| event.recorded_at).chain(closings).max().unwrap_or_default()
}

/// The place in the log of the event recorded as number `count`.
fn place(count: usize) -> Position {
    let number = i64::try_from(count).unwrap_or(i64::MAX);
    Position { txid: number, position: number }
}

/// Instances by the names the scenario gives them; ids sort as the names do.
struct Names(Vec<String>);

impl Names {
    fn new(events: &[Event]) -> Self {
        let names: BTreeSet<&String> = events.iter().filter_map(|event| instance_of(&event.what)).collect();
        Self(names.into_iter().cloned().collect())
    }

    fn id(rank: usize) -> InstanceId {
        InstanceId::from_uuid(Uuid::from_u128(rank as u128))
    }

    fn name(&self, id: InstanceId) -> Option<String> {
        let rank = usize::try_from(id.as_uuid().as_u128()).ok()?;
        self.0.get(rank).cloned()
    }

    /// What is known about each instance; events of the account reach those it had by then.
    fn facts(&self, known: &[Event]) -> Vec<InstanceFacts> {
        let ranks: BTreeMap<&str, usize> = self.0.iter().enumerate().map(|(rank, name)| (name.as_str(), rank)).collect();
        let mut facts: Vec<InstanceFacts> =
            (0..self.0.len()).map(|rank| InstanceFacts { instance: Self::id(rank), facts: vec![] }).collect();
        let mut first: Vec<Option<Timestamp>> = vec![None; self.0.len()];
        for event in known {
            if let Some(rank) = instance_of(&event.what).and_then(|name| ranks.get(name.as_str())) {
                first[*rank] = Some(first[*rank].map_or(event.at, |first| first.min(event.at)));
            }
        }
        // An instance's own story goes by business time, whenever its parts became known.
        let mut told: Vec<(usize, &Event)> = (1..).zip(known).collect();
        told.sort_by_key(|(_, event)| event.at);
        for (sequence, (number, event)) in (1..).zip(told) {
            let (one, kind) = match &event.what {
                What::Instance(name, kind) => (ranks.get(name.as_str()).copied(), kind.clone()),
                What::Everywhere(kind) => (None, kind.clone()),
                What::AccountCancelled => (None, FactKind::Cancelled),
                What::Payment(..) | What::Nothing => continue,
            };
            let fact = Fact { at: event.at, position: place(number), sequence, kind };
            for rank in one.map_or(0..facts.len(), |rank| rank..rank + 1) {
                if first[rank].is_some_and(|first| first <= event.at) {
                    facts[rank].facts.push(fact.clone());
                }
            }
        }
        facts.retain(|known| !known.facts.is_empty());
        facts
    }
}

fn instance_of(what: &What) -> Option<&String> {
    match what {
        What::Instance(name, _) => Some(name),
        _ => None,
    }
}
