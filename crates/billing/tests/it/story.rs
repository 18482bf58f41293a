//! An installation whose instance events are written straight into the log, as messaging writes them.

use std::collections::BTreeMap;

use recado_billing::{Billing, BillingSettings};
use recado_event_store::{Alongside, Append, NewEvent, Platform};
use recado_kernel::{AccountId, Actor, Competencia, Door, InstanceId, Timestamp};
use recado_testkit::TestPlatform;
use serde_json::{Value, json};

pub struct Installation {
    pub t: TestPlatform,
    pub billing: Billing,
    sequences: BTreeMap<InstanceId, i64>,
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn month(text: &str) -> Competencia {
    text.parse().unwrap()
}

pub fn finance() -> Actor {
    Actor::System("cli".into())
}

pub fn billing(platform: Platform) -> Billing {
    Billing::new(platform, BillingSettings::default())
}

impl Installation {
    /// The clock stands at 2026-11-01 06:00 UTC: October 2026 is over.
    pub async fn start() -> Self {
        let t = TestPlatform::start().await;
        t.clock.set(at("2026-11-01T06:00:00Z"));
        let billing = billing(t.platform.clone());
        Self { t, billing, sequences: BTreeMap::new() }
    }

    pub fn new_account(&self) -> AccountId {
        AccountId::from_uuid(self.t.platform.new_uuid())
    }

    /// An instance with its trial.
    pub async fn created(&mut self, account: AccountId, name: &str, when: &str) -> InstanceId {
        let instance = InstanceId::from_uuid(self.t.platform.new_uuid());
        let created = json!({
            "type": "instance.created", "account": account, "name": name, "trial_ends_at": when, "token_protected": "",
            "token_digest": "", "webhook_secret_protected": ""
        });
        self.append(account, instance, created, when).await;
        instance
    }

    pub async fn subscribed(&mut self, account: AccountId, instance: InstanceId, when: &str) {
        self.append(account, instance, json!({"type": "instance.subscribed", "plan": "PRO"}), when).await;
    }

    pub async fn cancelled(&mut self, account: AccountId, instance: InstanceId, when: &str) {
        let event = json!({"type": "instance.subscription_cancelled", "ends_at": "2027-01-01T00:00:00Z"});
        self.append(account, instance, event, when).await;
    }

    pub async fn renamed(&mut self, account: AccountId, instance: InstanceId, name: &str, when: &str) {
        self.append(account, instance, json!({"type": "instance.renamed", "name": name}), when).await;
    }

    /// An account with one paying instance since 3 October 2026.
    pub async fn paying(&mut self) -> (AccountId, InstanceId) {
        let account = self.new_account();
        let instance = self.created(account, "Loja", "2026-10-02T12:00:00Z").await;
        self.subscribed(account, instance, "2026-10-03T12:00:00Z").await;
        (account, instance)
    }

    async fn append(&mut self, account: AccountId, instance: InstanceId, payload: Value, when: &str) {
        let sequence = self.sequences.entry(instance).or_default();
        let event_type = payload["type"].as_str().unwrap().to_owned();
        let mut meta = self.t.platform.meta(account, Actor::System("test".into()), Door::Job);
        meta.occurred_at = at(when);
        let append = Append {
            meta,
            aggregate_type: "instance",
            aggregate_id: instance.to_string(),
            expected_sequence: *sequence,
            events: vec![NewEvent { event_type, event_version: "1".into(), payload: payload.to_string() }],
            alongside: Alongside::default(),
        };
        *sequence += 1;
        self.t.platform.log.append(append).await.unwrap();
    }

    pub async fn count(&self, event_type: &str) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM events WHERE event_type = $1")
            .bind(event_type)
            .fetch_one(&self.t.database.pool)
            .await
            .unwrap()
    }
}
