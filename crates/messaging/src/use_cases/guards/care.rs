//! What a person decides and checks for one instance, and the whole of its guards for the page.

use recado_kernel::{AccountId, ChatAddress, CommandMeta, InstanceId, Timestamp};

use crate::domain::guard_policy::GuardRules;
use crate::domain::guards::{CheckItem, GuardMode, Ripeness, WarmUp, WarmUpPlan, ripeness};
use crate::domain::instance_guard::{InstanceGuardAction, InstanceGuardCommand};
use crate::projections::guards::InstanceGuardView;
use crate::use_cases::{InstanceAccess, Recorded, SendResult};
use crate::{AcceptMessage, Messaging, MessagingError};

/// Everything the page "Boas práticas" shows.
#[derive(Debug, Clone)]
pub struct GuardState {
    /// The account's rules.
    pub rules: GuardRules,
    /// The instance's own.
    pub guard: InstanceGuardView,
    /// The plan that holds.
    pub plan: WarmUpPlan,
    /// Where the number stands today.
    pub warm_up: WarmUp,
    /// Since when the number is linked.
    pub first_linked_at: Option<Timestamp>,
    /// How strictly the 24-hour rule is meant.
    pub qr_rule: GuardMode,
    /// Has the number rested?
    pub ripeness: Ripeness,
    /// Contacts of the account that are out.
    pub opted_out: i64,
}

impl Messaging {
    /// The state of every guard of an instance.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn guard_state(&self, account: AccountId, id: InstanceId) -> Result<GuardState, MessagingError> {
        let guard = self.instance_guard(account, id).await?;
        let rules = self.guard_rules(account).await?;
        let facts = self.number_facts(account, id, &[]).await?;
        let plan = guard.plan.clone().unwrap_or_else(|| self.settings.warm_up_plan.clone());
        let now = self.platform.now();
        Ok(GuardState {
            warm_up: WarmUp::of(&plan, facts.first_linked_at, now, facts.used),
            first_linked_at: facts.first_linked_at,
            qr_rule: guard.qr_rule.unwrap_or(rules.qr_rule),
            ripeness: ripeness(guard.registered_at, now),
            opted_out: self.opt_outs(account, "", 1).await?.total,
            rules,
            guard,
            plan,
        })
    }

    /// How strictly the warm-up is meant; `None` takes the installation's plan.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn change_warm_up(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        mode: GuardMode,
        plan: Option<WarmUpPlan>,
    ) -> Result<Recorded, MessagingError> {
        let plan = plan.filter(|plan| *plan != self.settings.warm_up_plan);
        self.on_guard(meta, id, InstanceGuardAction::ChangeWarmUp { mode, plan }).await
    }

    /// How strictly the 24-hour rule is meant; `None`: as the account.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn change_qr_rule(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        mode: Option<GuardMode>,
    ) -> Result<Recorded, MessagingError> {
        self.on_guard(meta, id, InstanceGuardAction::ChangeQrRule(mode)).await
    }

    /// When the number was registered in WhatsApp. A moment to come is now.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn tell_registration(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        registered_at: Timestamp,
    ) -> Result<Recorded, MessagingError> {
        let told = registered_at.min(self.platform.now());
        self.on_guard(meta, id, InstanceGuardAction::TellRegistration(told)).await
    }

    /// Checks an item, or takes the check back.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn check_item(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        item: CheckItem,
        done: bool,
    ) -> Result<Recorded, MessagingError> {
        self.on_guard(meta, id, InstanceGuardAction::Check { item, done }).await
    }

    /// A message model to a test number: like any other message, guards included.
    ///
    /// # Errors
    /// As accepting a text.
    pub async fn send_model(&self, access: &InstanceAccess, to: ChatAddress, text: &str) -> Result<SendResult, MessagingError> {
        self.accept(access, AcceptMessage::text(to, text)).await
    }

    async fn on_guard(&self, meta: CommandMeta, id: InstanceId, action: InstanceGuardAction) -> Result<Recorded, MessagingError> {
        self.instance(meta.account_id, id).await?;
        let command = InstanceGuardCommand { account: meta.account_id, action };
        Ok(self.instance_guards.execute(&id.to_string(), command, meta).await?.into())
    }
}
