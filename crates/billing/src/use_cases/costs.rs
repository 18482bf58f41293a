//! What a click will cost, said before it is made (billing.md 1.1).

use chrono::NaiveDate;
use recado_event_store::Position;
use recado_kernel::{AccountId, Competencia, InstanceId, Money, Timestamp};
use serde::Serialize;

use crate::rules::due_date::due_date;
use crate::rules::{Fact, FactKind, InstanceFacts, LocalMonth, PlanCode, Subscription, charge};
use crate::{Billing, BillingError};

/// "Esta ação gera cobrança de R$ X referente a MM/AAAA, com vencimento em DD/MM."
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SubscriptionCost {
    /// For that month.
    pub amount: Money,
    /// The month charged.
    pub competencia: Competencia,
    /// When that invoice will be due, closed in time.
    pub due: NaiveDate,
    /// Every later whole month.
    pub monthly: Money,
}

impl Billing {
    /// What subscribing an instance at `now` costs for the running month, and when it is due. Discounts and credits of the account are
    /// not counted.
    ///
    /// # Errors
    /// The plan has no price.
    pub fn subscription_cost(&self, now: Timestamp, plan: &PlanCode) -> Result<SubscriptionCost, BillingError> {
        let subscribed =
            Fact { at: now, position: Position::default(), sequence: 1, kind: FactKind::Subscribed { plan: plan.clone() } };
        let facts = InstanceFacts { instance: InstanceId::from_uuid(uuid::Uuid::nil()), facts: vec![subscribed] };
        self.cost(now, &facts, plan)
    }

    /// What the running month still costs if the instance's subscription is cancelled at `now`; `None` when it is not subscribed in
    /// this month. Nothing is charged after it.
    ///
    /// # Errors
    /// A plan without price, or the database.
    pub async fn cancellation_cost(
        &self,
        account: AccountId,
        instance: InstanceId,
        now: Timestamp,
    ) -> Result<Option<SubscriptionCost>, BillingError> {
        self.catch_up().await?;
        let known = self.known(&[account]).await?.remove(&account).unwrap_or_default();
        let Some(mut facts) = known.instances.into_iter().find(|facts| facts.instance == instance) else { return Ok(None) };
        let open = Subscription::fold(&facts).segments.pop().filter(|segment| segment.end.is_none());
        let Some((_, plan)) = open.and_then(|segment| segment.plans.last().cloned()) else { return Ok(None) };
        let last = Position { txid: i64::MAX, position: i64::MAX };
        facts.facts.push(Fact { at: now, position: last, sequence: i64::MAX, kind: FactKind::Cancelled });
        self.cost(now, &facts, &plan).map(Some)
    }

    fn cost(&self, now: Timestamp, facts: &InstanceFacts, plan: &PlanCode) -> Result<SubscriptionCost, BillingError> {
        let settings = &self.settings;
        let month = LocalMonth::containing(now, settings.system.tz);
        let charged = charge(&Subscription::fold(facts), &month, &settings.prices(), settings.system.rounding)?;
        Ok(SubscriptionCost {
            amount: charged.map_or(Money::ZERO, |charge| charge.amount),
            competencia: month.competencia,
            due: due_date(month.competencia, month.competencia.next().first_day(), settings),
            monthly: settings.prices().terms(plan, month.competencia)?.price,
        })
    }
}
