//! From facts to subscription segments (billing.md 1.4) and the plan in force within them (1.6).

use recado_event_store::Position;
use recado_kernel::{InstanceId, Timestamp};

use super::calendar::{LocalMonth, first_instant, local_date};
use super::plans::PlanChange;
use super::{Fact, FactKind, InstanceFacts, PlanCode, PriceBook, RulesError, Source};

/// A time of subscription, `[start, end)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// When it was subscribed.
    pub start: Timestamp,
    /// When it was cancelled; `None` while it runs.
    pub end: Option<Timestamp>,
    /// The opening plan, then each plan asked for, with the instant of the request.
    pub plans: Vec<(Timestamp, PlanCode)>,
    /// The events behind it.
    pub sources: Vec<Source>,
}

/// A plan and the instant from which it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// In force from here until the next piece or the segment's end.
    pub from: Timestamp,
    /// The plan.
    pub plan: PlanCode,
}

/// One instance's history, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Which instance.
    pub instance: InstanceId,
    /// Its present display name.
    pub name: String,
    /// Creation; the order of lines.
    pub created_at: Option<Timestamp>,
    /// Subscriptions, plan changes and cancellations: when each took place, and where it stands in the log.
    pub arrivals: Vec<(Timestamp, Position)>,
    /// Its segments in order; they never overlap and none is empty.
    pub segments: Vec<Segment>,
    /// Times of suspension `[from, to)` in order; `None` while it lasts.
    pub suspensions: Vec<(Timestamp, Option<Timestamp>)>,
}

impl Subscription {
    /// Folds facts by business time, whatever the order they come in. A subscription while subscribed and a cancellation while not
    /// change nothing.
    #[must_use]
    pub fn fold(known: &InstanceFacts) -> Self {
        let settled = settled(&known.facts);
        let mut facts: Vec<&Fact> = settled.iter().collect();
        facts.sort_by_key(|fact| (fact.at, fact.position, fact.sequence));
        facts.dedup_by_key(|fact| (fact.position, fact.sequence));
        let named = |fact: &&&Fact| matches!(fact.kind, FactKind::Created { .. } | FactKind::Renamed { .. });
        let name = match facts.iter().filter(named).max_by_key(|fact| (fact.position, fact.sequence)).map(|fact| &fact.kind) {
            Some(FactKind::Created { name } | FactKind::Renamed { name }) => name.clone(),
            _ => String::new(),
        };
        let created = facts.iter().find(|fact| matches!(fact.kind, FactKind::Created { .. }));
        let mut subscription = Self {
            instance: known.instance,
            name,
            created_at: created.or(facts.first()).map(|fact| fact.at),
            arrivals: facts.iter().filter(|fact| fact.kind.is_billing()).map(|fact| (fact.at, fact.position)).collect(),
            segments: vec![],
            suspensions: vec![],
        };
        for fact in facts {
            subscription.apply(fact);
        }
        subscription.segments.retain(|segment| segment.end.is_none_or(|end| end > segment.start));
        subscription
    }

    /// Has anything about the time before `end` been recorded after `as_of`?
    #[must_use]
    pub fn changed_since(&self, as_of: Position, end: Timestamp) -> bool {
        self.arrivals.iter().any(|(at, position)| *at < end && *position > as_of)
    }

    fn apply(&mut self, fact: &Fact) {
        let suspended = self.suspensions.last_mut().filter(|(_, to)| to.is_none());
        match (&fact.kind, suspended) {
            (FactKind::Suspended, None) => self.suspensions.push((fact.at, None)),
            (FactKind::Reactivated, Some((_, to))) => *to = Some(fact.at),
            _ => {}
        }
        let open = self.segments.last_mut().filter(|segment| segment.end.is_none());
        match (&fact.kind, open) {
            (FactKind::Subscribed { plan }, None) => self.segments.push(Segment {
                start: fact.at,
                end: None,
                plans: vec![(fact.at, plan.clone())],
                sources: vec![Source::of(fact)],
            }),
            (FactKind::PlanChanged { plan }, Some(segment)) => {
                segment.plans.push((fact.at, plan.clone()));
                segment.sources.push(Source::of(fact));
            }
            (FactKind::Cancelled, Some(segment)) => {
                segment.end = Some(fact.at);
                segment.sources.push(Source::of(fact));
            }
            _ => {}
        }
    }
}

/// The facts with a cancellation dated to the subscription it ended at the earliest. One may be dated before it (two servers' clocks
/// disagree, a clock was set back): what was recorded last counts, and nobody pays for ever after having cancelled. A cancellation that is
/// dated into an earlier subscription stays where it is: that is a correction (billing.md 1.11).
fn settled(facts: &[Fact]) -> Vec<Fact> {
    let mut settled: Vec<Fact> = facts.to_vec();
    // The stream's own order: the log may come to know a part of the story late.
    settled.sort_by_key(|fact| (fact.sequence, fact.position));
    for index in 0..settled.len() {
        let (before, [fact, ..]) = settled.split_at_mut(index) else { break };
        let subscribed = |earlier: &Fact| matches!(earlier.kind, FactKind::Subscribed { .. });
        if fact.kind != FactKind::Cancelled {
            continue;
        }
        let until_then = before.iter().filter(|earlier| earlier.at <= fact.at);
        let latest = until_then
            .filter(|earlier| subscribed(earlier) || earlier.kind == FactKind::Cancelled)
            .max_by_key(|earlier| (earlier.at, earlier.position, earlier.sequence));
        if !latest.is_some_and(subscribed)
            && let Some(begun) = before.iter().rev().find(|earlier| subscribed(earlier))
        {
            fact.at = fact.at.max(begun.at);
        }
    }
    settled
}

impl Segment {
    /// Which plan is in force from when. A change waits for the next month or counts from its whole local day, as the plan that is left
    /// says; a newer request replaces what has not taken effect yet.
    ///
    /// # Errors
    /// [`RulesError::NoPrice`] for a plan the price book does not know.
    pub fn pieces(&self, zone: chrono_tz::Tz, prices: &PriceBook<'_>) -> Result<Vec<Piece>, RulesError> {
        let mut pieces: Vec<Piece> = vec![];
        for (requested_at, plan) in &self.plans {
            let Some(in_force) = pieces.iter().rev().find(|piece| piece.from <= *requested_at) else {
                pieces.push(Piece { from: self.start, plan: plan.clone() });
                continue;
            };
            let month = LocalMonth::containing(*requested_at, zone);
            let from = match prices.terms(&in_force.plan, month.competencia)?.plan_change {
                PlanChange::NextMonth => month.end,
                PlanChange::ImmediateDaily => first_instant(local_date(*requested_at, zone), zone).max(self.start),
            };
            pieces.retain(|piece| piece.from < from);
            pieces.push(Piece { from, plan: plan.clone() });
        }
        Ok(pieces)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn fact(position: i64, at: &str, kind: FactKind) -> Fact {
        Fact { at: at.parse().unwrap(), position: Position { txid: position, position }, sequence: position, kind }
    }

    #[test]
    fn facts_may_come_late_twice_and_out_of_order() {
        let pro = || FactKind::Subscribed { plan: PlanCode::pro() };
        let facts = vec![
            fact(4, "2026-03-10T00:00:00Z", FactKind::Cancelled),
            fact(2, "2026-01-10T00:00:00Z", pro()),
            fact(1, "2026-01-09T00:00:00Z", FactKind::Created { name: "Loja".into() }),
            fact(5, "2026-02-27T00:00:00Z", FactKind::Cancelled),
            fact(2, "2026-01-10T00:00:00Z", pro()),
            fact(6, "2026-05-01T00:00:00Z", pro()),
            fact(7, "2026-05-01T00:00:00Z", FactKind::Cancelled),
            fact(3, "2026-01-20T00:00:00Z", FactKind::Renamed { name: "Padaria".into() }),
        ];
        let folded = Subscription::fold(&InstanceFacts { instance: InstanceId::from_uuid(uuid::Uuid::nil()), facts });
        assert_eq!(folded.name, "Padaria");
        assert!(folded.changed_since(Position { txid: 4, position: 4 }, "2026-03-01T00:00:00Z".parse().unwrap()));
        assert!(!folded.changed_since(Position { txid: 5, position: 5 }, "2026-03-01T00:00:00Z".parse().unwrap()));
        assert_eq!(folded.segments.len(), 1, "the second cancellation and the empty segment do not count");
        assert_eq!(folded.segments[0].end, Some("2026-02-27T00:00:00Z".parse().unwrap()));
        assert_eq!(folded.segments[0].sources.len(), 2);
    }

    #[test]
    fn a_cancellation_by_a_clock_that_is_behind_still_cancels() {
        let pro = || FactKind::Subscribed { plan: PlanCode::pro() };
        let fold = |facts| Subscription::fold(&InstanceFacts { instance: InstanceId::from_uuid(uuid::Uuid::nil()), facts });
        let mut facts = vec![
            fact(1, "2026-01-09T00:00:00Z", FactKind::Created { name: "Loja".into() }),
            fact(2, "2026-01-10T00:00:01Z", pro()),
            fact(3, "2026-01-10T00:00:00Z", FactKind::Cancelled),
        ];
        assert_eq!(fold(facts.clone()).segments, []);
        facts.push(fact(4, "2026-02-10T00:00:00Z", pro()));
        let later = fold(facts.clone()).segments;
        assert_eq!((later.len(), later[0].end), (1, None), "a subscription recorded after it stands");
        // Dated into a time without a subscription, recorded before the one that runs: it changes nothing.
        facts.truncate(2);
        facts.insert(1, fact(0, "2026-01-09T12:00:00Z", FactKind::Cancelled));
        assert_eq!(fold(facts).segments.len(), 1);
    }
}
