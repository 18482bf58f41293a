//! Golden cases and properties of billing.md 7 and 8, on the pure rules.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod dunning;
mod golden;
mod golden_late;
mod golden_ledger;
mod properties;
mod properties_late;
mod properties_money;
mod suspension;

use chrono::TimeZone as _;
use chrono_tz::America::Sao_Paulo;
use recado_event_store::Position;
use recado_kernel::{AccountId, Competencia, InstanceId, Money, Timestamp};
use uuid::Uuid;

use super::plans::{PlanChange, PlanTerms, Proration, ProrationBase};
use super::{
    ClosedMonth, Fact, FactKind, FrozenSettings, InstanceFacts, Ledger, MonthInput, PlanCatalog, PlanCode, Rounding, Statement,
    compute,
};

/// `2026-03-20 14:00` in São Paulo.
fn local(text: &str) -> Timestamp {
    let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .or_else(|_| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M"))
        .unwrap();
    Sao_Paulo.from_local_datetime(&naive).single().unwrap().to_utc()
}

fn month(text: &str) -> Competencia {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// PRO 99.90, START 49.90, PLUS 149.90, all with the same terms.
fn settings(first: Proration, last: Proration, change: PlanChange) -> FrozenSettings {
    let mut settings = FrozenSettings::default();
    for (plan, price) in [("PRO", "99.90"), ("START", "49.90"), ("PLUS", "149.90")] {
        let terms =
            PlanTerms { proration_first: first, proration_last: last, plan_change: change, ..PlanTerms::monthly(money(price)) };
        settings.system.plans = std::mem::take(&mut settings.system.plans).with(plan, terms);
    }
    settings
}

fn whole_months() -> FrozenSettings {
    settings(Proration::Full, Proration::Full, PlanChange::NextMonth)
}

fn daily() -> FrozenSettings {
    settings(Proration::Daily, Proration::Daily, PlanChange::ImmediateDaily)
}

/// An account whose events are written as a story; positions count up in the order told.
#[derive(Debug, Clone)]
struct Story {
    settings: FrozenSettings,
    instances: Vec<InstanceFacts>,
    ledger: Ledger,
    position: i64,
}

impl Story {
    fn new(settings: FrozenSettings) -> Self {
        Self { settings, instances: vec![], ledger: Ledger::default(), position: 0 }
    }

    fn told(mut self, name: char, at: Timestamp, kind: FactKind) -> Self {
        self.tell(name, at, kind);
        self
    }

    fn tell(&mut self, name: char, at: Timestamp, kind: FactKind) {
        self.position += 1;
        let position = Position { txid: self.position, position: self.position };
        let instance = InstanceId::from_uuid(Uuid::from_u128(u128::from(u32::from(name))));
        let fact = Fact { at, position, sequence: self.position, kind };
        match self.instances.iter_mut().find(|known| known.instance == instance) {
            Some(known) => known.facts.push(fact),
            None => self.instances.push(InstanceFacts { instance, facts: vec![fact] }),
        }
    }

    fn created(self, name: char, at: &str) -> Self {
        self.told(name, local(at), FactKind::Created { name: name.to_string() })
    }

    fn subscribed(self, name: char, plan: &str, at: &str) -> Self {
        self.told(name, local(at), FactKind::Subscribed { plan: PlanCode::new(plan) })
    }

    fn cancelled(self, name: char, at: &str) -> Self {
        self.told(name, local(at), FactKind::Cancelled)
    }

    fn moved(self, name: char, plan: &str, at: &str) -> Self {
        self.told(name, local(at), FactKind::PlanChanged { plan: PlanCode::new(plan) })
    }

    /// The month as it is closed at 03:00 on the first day after it.
    fn month(&self, text: &str) -> Statement {
        let competencia = month(text);
        let now = local(&format!("{} 03:00", competencia.next().first_day()));
        let account = AccountId::from_uuid(Uuid::nil());
        let (settings, instances, ledger) = (&self.settings, self.instances.as_slice(), &self.ledger);
        compute(&MonthInput { account, competencia, revision: 0, settings, instances, ledger, now }).unwrap()
    }

    fn close(&mut self, text: &str) -> Statement {
        let statement = self.month(text);
        let as_of = Position { txid: self.position, position: self.position };
        self.ledger.record(ClosedMonth { statement: statement.clone(), frozen: self.settings.clone(), as_of });
        statement
    }

    /// Amounts of the instance lines, in order.
    fn amounts(&self, text: &str) -> Vec<String> {
        self.month(text).lines.iter().map(|line| line.amount.to_string()).collect()
    }
}
