//! `view_guard_policy` and `view_instance_guard`: what people decided and checked.

use std::collections::BTreeMap;

use async_trait::async_trait;
use recado_event_store::{Projection, ProjectionError, RecordedEvent};
use recado_kernel::{AccountId, Actor, InstanceId, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::types::Json;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::domain::guard_policy::{GuardPolicyEvent, GuardRules};
use crate::domain::guards::{CheckItem, GuardMode, WarmUpPlan};
use crate::domain::instance_guard::InstanceGuardEvent;
use crate::{Messaging, MessagingError};

/// Who checked an item, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// When.
    pub at: Timestamp,
    /// Who: wire form of [`Actor`].
    by: String,
}

impl Checked {
    /// Who, if it is still readable.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        self.by.parse().ok()
    }
}

/// The guards of one instance as people see them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstanceGuardView {
    /// How strictly the warm-up is meant.
    pub warm_up: GuardMode,
    /// Its own plan.
    pub plan: Option<WarmUpPlan>,
    /// Its own mode of the 24-hour rule.
    pub qr_rule: Option<GuardMode>,
    /// When the number was registered.
    pub registered_at: Option<Timestamp>,
    /// What is checked.
    pub checked: BTreeMap<CheckItem, Checked>,
}

/// Keeps both tables.
pub struct Guards;

impl Guards {
    /// Its name in `projection`.
    pub const NAME: &'static str = "guards@1";
}

#[async_trait]
impl Projection for Guards {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[
            "guard_policy.changed",
            "instance_guard.warm_up_changed",
            "instance_guard.qr_rule_changed",
            "instance_guard.registration_told",
            "instance_guard.item_checked",
            "instance_guard.item_unchecked",
        ]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_guard_policy", "view_instance_guard"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for recorded in batch {
            let poison = |reason: String| ProjectionError::Poison { position: recorded.position.position, reason };
            if recorded.event_type == "guard_policy.changed" {
                let GuardPolicyEvent::Changed { rules } = recorded.decode().map_err(|error| poison(error.to_string()))?;
                sqlx::query(
                    "INSERT INTO view_guard_policy (account_id, rules) VALUES ($1, $2)
                     ON CONFLICT (account_id) DO UPDATE SET rules = excluded.rules",
                )
                .bind(recorded.account_id.as_uuid())
                .bind(Json(&rules))
                .execute(&mut *db)
                .await?;
                continue;
            }
            let id = Uuid::parse_str(&recorded.aggregate_id).map_err(|_| poison("not an instance id".to_owned()))?;
            let event: InstanceGuardEvent = recorded.decode().map_err(|error| poison(error.to_string()))?;
            let mut view = load(db, id).await?.unwrap_or_default();
            apply(&mut view, event, recorded);
            store(db, recorded.account_id, id, &view).await?;
        }
        Ok(())
    }
}

fn apply(view: &mut InstanceGuardView, event: InstanceGuardEvent, recorded: &RecordedEvent) {
    use InstanceGuardEvent as E;
    match event {
        E::WarmUpChanged { mode, plan, .. } => (view.warm_up, view.plan) = (mode, plan),
        E::QrRuleChanged { mode, .. } => view.qr_rule = mode,
        E::RegistrationTold { registered_at, .. } => view.registered_at = Some(registered_at),
        E::ItemChecked { item, .. } => {
            view.checked.insert(item, Checked { at: recorded.occurred_at, by: recorded.actor.to_string() });
        }
        E::ItemUnchecked { item, .. } => drop(view.checked.remove(&item)),
        E::NewContactCounted { .. } => {}
    }
}

async fn load(db: &mut PgConnection, id: Uuid) -> Result<Option<InstanceGuardView>, sqlx::Error> {
    let row =
        sqlx::query("SELECT warm_up, plan, qr_rule, registered_at, checked FROM view_instance_guard WHERE instance_id = $1")
            .bind(id)
            .fetch_optional(db)
            .await?;
    row.map(|row| {
        let (warm_up, qr_rule): (String, Option<String>) = (row.try_get("warm_up")?, row.try_get("qr_rule")?);
        let plan: Option<Json<WarmUpPlan>> = row.try_get("plan")?;
        let Json(checked) = row.try_get("checked")?;
        Ok(InstanceGuardView {
            warm_up: GuardMode::parse(&warm_up).unwrap_or_default(),
            plan: plan.map(|Json(plan)| plan),
            qr_rule: qr_rule.as_deref().and_then(GuardMode::parse),
            registered_at: row.try_get("registered_at")?,
            checked,
        })
    })
    .transpose()
}

async fn store(db: &mut PgConnection, account: AccountId, id: Uuid, view: &InstanceGuardView) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO view_instance_guard (instance_id, account_id, warm_up, plan, qr_rule, registered_at, checked)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (instance_id) DO UPDATE
            SET warm_up = excluded.warm_up, plan = excluded.plan, qr_rule = excluded.qr_rule,
                registered_at = excluded.registered_at, checked = excluded.checked",
    )
    .bind(id)
    .bind(account.as_uuid())
    .bind(view.warm_up.as_str())
    .bind(view.plan.as_ref().map(Json))
    .bind(view.qr_rule.map(GuardMode::as_str))
    .bind(view.registered_at)
    .bind(Json(&view.checked))
    .execute(db)
    .await?;
    Ok(())
}

impl Messaging {
    /// What an account decided; the defaults where it did not.
    ///
    /// # Errors
    /// The database.
    pub async fn guard_rules(&self, account: AccountId) -> Result<GuardRules, MessagingError> {
        let rules: Option<Json<GuardRules>> = sqlx::query_scalar("SELECT rules FROM view_guard_policy WHERE account_id = $1")
            .bind(account.as_uuid())
            .fetch_optional(self.platform.pool())
            .await?;
        Ok(rules.map(|Json(rules)| rules).unwrap_or_default())
    }

    /// The guards of one instance of the account.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn instance_guard(&self, account: AccountId, id: InstanceId) -> Result<InstanceGuardView, MessagingError> {
        self.instance(account, id).await?;
        let mut db = self.platform.pool().acquire().await?;
        Ok(load(&mut db, id.as_uuid()).await?.unwrap_or_default())
    }
}
