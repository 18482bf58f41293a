//! The aggregate.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use super::InstanceGuardEvent;
use crate::domain::guards::{CheckItem, GuardMode, WarmUpPlan};

/// One request.
#[derive(Debug, Clone)]
pub struct InstanceGuardCommand {
    /// Whose instance it is; the use case has checked that.
    pub account: AccountId,
    /// What is wanted.
    pub action: InstanceGuardAction,
}

/// What is wanted. A request that finds its work done writes no event.
#[derive(Debug, Clone)]
pub enum InstanceGuardAction {
    /// Mean the warm-up so.
    ChangeWarmUp {
        /// How strictly.
        mode: GuardMode,
        /// The plan; `None`: the installation's.
        plan: Option<WarmUpPlan>,
    },
    /// Mean the 24-hour rule so; `None`: as the account.
    ChangeQrRule(Option<GuardMode>),
    /// The number was registered then.
    TellRegistration(Timestamp),
    /// Check an item, or take the check back.
    Check {
        /// Which.
        item: CheckItem,
        /// Checked?
        done: bool,
    },
    /// A message to a new contact wants to go out.
    CountNewContact {
        /// Today.
        day: NaiveDate,
        /// Keyed digest of the number.
        number_digest: String,
        /// Keyed digests of every way the contact is written; the first is kept.
        chat_digests: Vec<String>,
        /// New contacts of today that the read model knows of, e.g. from before the mode was "enforce".
        seen: u32,
        /// How many are allowed today.
        allowed: u32,
    },
}

/// A refusal; nothing was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InstanceGuardError {
    /// Another account's.
    #[error("Instance not found")]
    NotFound,
    /// The day's allowance of new contacts is used up.
    #[error("the allowance of {allowed} new contacts is used up")]
    NoRoom {
        /// How many were allowed.
        allowed: u32,
    },
}

/// The new contacts of one day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    day: NaiveDate,
    number_digest: String,
    #[serde(skip)]
    chats: BTreeSet<String>,
}

/// The guards of one instance as their events tell; the id is the instance's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceGuard {
    /// The owner, once anything happened.
    pub account: Option<AccountId>,
    /// How strictly the warm-up is meant.
    pub warm_up: GuardMode,
    /// Its plan, if it is its own.
    pub plan: Option<WarmUpPlan>,
    /// How strictly the 24-hour rule is meant, if it is its own.
    pub qr_rule: Option<GuardMode>,
    /// When the number was registered.
    pub registered_at: Option<Timestamp>,
    /// What is checked.
    pub checked: BTreeSet<CheckItem>,
    /// Today's new contacts.
    pub counted: Counted,
}

impl InstanceGuard {
    fn decide(&self, command: InstanceGuardCommand) -> Result<Option<InstanceGuardEvent>, InstanceGuardError> {
        let InstanceGuardCommand { account, action } = command;
        if self.account.is_some_and(|owner| owner != account) {
            return Err(InstanceGuardError::NotFound);
        }
        Ok(match action {
            InstanceGuardAction::ChangeWarmUp { mode, plan } => {
                (mode != self.warm_up || plan != self.plan).then_some(InstanceGuardEvent::WarmUpChanged { account, mode, plan })
            }
            InstanceGuardAction::ChangeQrRule(mode) => {
                (mode != self.qr_rule).then_some(InstanceGuardEvent::QrRuleChanged { account, mode })
            }
            InstanceGuardAction::TellRegistration(registered_at) => (self.registered_at != Some(registered_at))
                .then_some(InstanceGuardEvent::RegistrationTold { account, registered_at }),
            InstanceGuardAction::Check { item, done } => match (self.checked.contains(&item), done) {
                (false, true) => Some(InstanceGuardEvent::ItemChecked { account, item }),
                (true, false) => Some(InstanceGuardEvent::ItemUnchecked { account, item }),
                _ => None,
            },
            InstanceGuardAction::CountNewContact { day, number_digest, chat_digests, seen, allowed } => {
                let nobody = BTreeSet::new();
                let same_day = self.counted.day == day && self.counted.number_digest == number_digest;
                let chats = if same_day { &self.counted.chats } else { &nobody };
                if chat_digests.iter().any(|chat| chats.contains(chat)) {
                    return Ok(None);
                }
                let counted = u32::try_from(chats.len()).unwrap_or(u32::MAX);
                if counted.max(seen) >= allowed {
                    return Err(InstanceGuardError::NoRoom { allowed });
                }
                let first = chat_digests.into_iter().next();
                first.map(|chat_digest| InstanceGuardEvent::NewContactCounted { account, day, number_digest, chat_digest })
            }
        })
    }
}

impl Aggregate for InstanceGuard {
    const TYPE: &'static str = "instance_guard";
    type Command = InstanceGuardCommand;
    type Event = InstanceGuardEvent;
    type Error = InstanceGuardError;
    type Services = ();

    async fn handle(&mut self, command: InstanceGuardCommand, (): &(), sink: &EventSink<Self>) -> Result<(), InstanceGuardError> {
        if let Some(event) = self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: InstanceGuardEvent) {
        use InstanceGuardEvent as E;
        let owner = match event {
            E::WarmUpChanged { account, mode, plan } => {
                (self.warm_up, self.plan) = (mode, plan);
                account
            }
            E::QrRuleChanged { account, mode } => {
                self.qr_rule = mode;
                account
            }
            E::RegistrationTold { account, registered_at } => {
                self.registered_at = Some(registered_at);
                account
            }
            E::ItemChecked { account, item } => {
                self.checked.insert(item);
                account
            }
            E::ItemUnchecked { account, item } => {
                self.checked.remove(&item);
                account
            }
            E::NewContactCounted { account, day, number_digest, chat_digest } => {
                if self.counted.day != day || self.counted.number_digest != number_digest {
                    self.counted = Counted { day, number_digest, chats: BTreeSet::new() };
                }
                self.counted.chats.insert(chat_digest);
                account
            }
        };
        self.account = Some(owner);
    }
}
