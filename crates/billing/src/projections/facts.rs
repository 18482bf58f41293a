//! billing_segments@1: the instance events billing stands on, by account (table `view_billing_fact`). Fed by messaging's public events;
//! only the fields needed are decoded, so new fields there change nothing here.

use std::collections::BTreeMap;

use async_trait::async_trait;
use recado_event_store::{Position, Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, InstanceId, Timestamp};
use recado_messaging::InstanceEvent;
use serde::Deserialize;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::poison;
use crate::rules::{Fact, FactKind, InstanceFacts, PlanCode};

/// The projection.
#[derive(Debug)]
pub struct BillingSegments;

/// Its name.
pub const NAME: &str = "billing_segments@1";

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct OnPlan {
    plan: String,
}

#[async_trait]
impl Projection for BillingSegments {
    fn name(&self) -> &'static str {
        NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &["instance.created", "instance.renamed", "instance.subscribed", "instance.subscription_cancelled"]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_billing_fact"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let instances = batch
            .iter()
            .map(|event| event.aggregate_id.parse::<InstanceId>().map(|id| id.as_uuid()).map_err(|error| poison(event, error)))
            .collect::<Result<Vec<Uuid>, _>>()?;
        let (plans, names): (Vec<_>, Vec<_>) =
            batch.iter().map(plan_and_name).collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        sqlx::query(
            "INSERT INTO view_billing_fact (account_id, instance_id, sequence, txid, position, event_type, plan, name, occurred_at)
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[],
                                  $9::timestamptz[])
             ON CONFLICT DO NOTHING",
        )
        .bind(batch.iter().map(|event| event.account_id.as_uuid()).collect::<Vec<_>>())
        .bind(instances)
        .bind(batch.iter().map(|event| event.sequence).collect::<Vec<_>>())
        .bind(batch.iter().map(|event| event.position.txid).collect::<Vec<_>>())
        .bind(batch.iter().map(|event| event.position.position).collect::<Vec<_>>())
        .bind(batch.iter().map(|event| event.event_type.as_str()).collect::<Vec<_>>())
        .bind(plans)
        .bind(names)
        .bind(batch.iter().map(|event| event.occurred_at).collect::<Vec<_>>())
        .execute(db)
        .await?;
        Ok(())
    }
}

fn plan_and_name(event: &RecordedEvent) -> Result<(Option<String>, Option<String>), ProjectionError> {
    let unreadable = |error: StoreError| poison(event, error);
    Ok(match event.event_type.as_str() {
        "instance.created" | "instance.renamed" => {
            (None, Some(event.decode_as::<InstanceEvent, Named>().map_err(unreadable)?.name))
        }
        "instance.subscribed" => (Some(event.decode_as::<InstanceEvent, OnPlan>().map_err(unreadable)?.plan), None),
        _ => (None, None),
    })
}

/// Accounts that had an instance before `before`, with their first moment, in a stable order.
pub(crate) async fn accounts(pool: &PgPool, before: Timestamp) -> Result<Vec<(AccountId, Timestamp)>, StoreError> {
    let rows: Vec<(Uuid, Timestamp)> = sqlx::query_as(
        "SELECT account_id, min(occurred_at) FROM view_billing_fact GROUP BY account_id
         HAVING min(occurred_at) < $1 ORDER BY account_id",
    )
    .bind(before)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|(account, first)| (AccountId::from_uuid(account), first)).collect())
}

type FactRow = (Uuid, Uuid, i64, i64, i64, String, Option<String>, Option<String>, Timestamp);

/// Everything known about the accounts' instances up to `as_of`.
pub(crate) async fn facts(
    pool: &PgPool,
    accounts: &[AccountId],
    as_of: Position,
) -> Result<BTreeMap<AccountId, Vec<InstanceFacts>>, StoreError> {
    let rows: Vec<FactRow> = sqlx::query_as(
        "SELECT account_id, instance_id, sequence, txid, position, event_type, plan, name, occurred_at
           FROM view_billing_fact
          WHERE account_id = ANY ($1) AND (txid, position) <= ($2, $3)
          ORDER BY account_id, instance_id, sequence",
    )
    .bind(accounts.iter().map(AccountId::as_uuid).collect::<Vec<_>>())
    .bind(as_of.txid)
    .bind(as_of.position)
    .fetch_all(pool)
    .await?;
    let mut by_account: BTreeMap<AccountId, Vec<InstanceFacts>> = BTreeMap::new();
    for (account, instance, sequence, txid, position, event_type, plan, name, at) in rows {
        let Some(kind) = kind(&event_type, plan, name) else { continue };
        let instance = InstanceId::from_uuid(instance);
        let fact = Fact { at, position: Position { txid, position }, sequence, kind };
        let instances = by_account.entry(AccountId::from_uuid(account)).or_default();
        match instances.last_mut() {
            Some(last) if last.instance == instance => last.facts.push(fact),
            _ => instances.push(InstanceFacts { instance, facts: vec![fact] }),
        }
    }
    Ok(by_account)
}

fn kind(event_type: &str, plan: Option<String>, name: Option<String>) -> Option<FactKind> {
    match event_type {
        "instance.created" => Some(FactKind::Created { name: name? }),
        "instance.renamed" => Some(FactKind::Renamed { name: name? }),
        "instance.subscribed" => Some(FactKind::Subscribed { plan: PlanCode::new(plan?) }),
        "instance.subscription_cancelled" => Some(FactKind::Cancelled),
        _ => None,
    }
}
