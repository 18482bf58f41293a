//! What engines tell beside messages: presence, calls, changes of groups. None of it is history worth an event: it becomes callbacks, and for
//! a call that is to be rejected a piece of durable work.

use recado_event_store::NewWork;
use recado_kernel::{AccountId, ChatAddress, PhoneNumber, Sealed};
use uuid::Uuid;

use super::EngineFact;
use crate::domain::instance::WebhookKind;
use crate::engine::{CallState, GroupNews, Notice};
use crate::reactors::calls::Ringing;
use crate::webhooks::callback::{Callback, NoticeFacts};
use crate::webhooks::direct::Telling;
use crate::webhooks::outbox::received_urls;
use crate::webhooks::target;
use crate::{Messaging, MessagingError};

impl Messaging {
    /// Takes a notice; a repeat changes nothing.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn record_notice(&self, fact: &EngineFact, notice: &Notice) -> Result<(), MessagingError> {
        let (account, instance) = (fact.account, fact.instance);
        let target = target::find(self.platform.pool(), account, instance).await?;
        let told = target.filter(|target| !target.silenced);
        let mut telling = Telling::of(fact, self.platform.vault.digest("notice-lane", Some(account), about(notice)));
        match notice {
            Notice::Presence { phone, state, last_seen } => {
                if told.as_ref().is_some_and(|target| target.webhooks.presence.is_some()) {
                    let phone = self.seal_person(account, phone).await?;
                    telling.add(WebhookKind::Presence, Callback::Presence { phone, state: *state, last_seen: *last_seen });
                }
            }
            Notice::Call { call, from, video, state } => {
                let sender = self.seal_person(account, from).await?;
                let facts = NoticeFacts {
                    id: call.clone(),
                    chat: sender.clone(),
                    chat_name: None,
                    sender: sender.clone(),
                    notification: call_notification(*state, *video).to_owned(),
                    parameters: vec![],
                    call: Some(call.clone()),
                    request_method: None,
                };
                for kind in told.iter().flat_map(|target| received_urls(&target.webhooks)) {
                    telling.add(kind, Callback::Notice(Box::new(facts.clone())));
                }
                if *state == CallState::Ringing {
                    telling.work.extend(self.rejection(fact, call, sender).await?);
                }
            }
            Notice::Group { group, subject, news, by, members } => {
                let urls: Vec<WebhookKind> = told.iter().flat_map(|target| received_urls(&target.webhooks)).collect();
                if !urls.is_empty() {
                    let facts = self.group_facts(fact, group, subject, *news, by, members).await?;
                    for kind in urls {
                        telling.add(kind, Callback::Notice(Box::new(facts.clone())));
                    }
                }
            }
        }
        Ok(self.tell(telling).await?)
    }

    /// The work of rejecting a call, if this instance wants that now.
    async fn rejection(&self, fact: &EngineFact, call: &str, from: Sealed) -> Result<Option<NewWork>, MessagingError> {
        let instance = self.instances.load(&fact.instance.to_string()).await?.aggregate;
        if !instance.belongs_to(fact.account) {
            return Err(MessagingError::InstanceNotFound);
        }
        let ringing = Ringing { instance: fact.instance, call: call.to_owned(), from, at: fact.at };
        Ok(instance.settings.call_reject_auto.then(|| ringing.work(fact.account)))
    }

    async fn group_facts(
        &self,
        fact: &EngineFact,
        group: &ChatAddress,
        subject: &str,
        news: GroupNews,
        by: &PhoneNumber,
        members: &[PhoneNumber],
    ) -> Result<NoticeFacts, MessagingError> {
        let account = fact.account;
        let mut parameters = Vec::with_capacity(members.len());
        for member in members {
            parameters.push(self.seal_person(account, member).await?);
        }
        let name = Uuid::new_v5(&fact.instance.as_uuid(), fact.key.as_bytes()).simple().to_string().to_uppercase();
        Ok(NoticeFacts {
            id: name,
            chat: self.platform.vault.seal(account, &format!("contact/{group}"), group.as_str()).await?,
            chat_name: Some(self.platform.vault.seal(account, &format!("contact/{group}"), subject).await?),
            sender: self.seal_person(account, by).await?,
            notification: news.as_str().to_owned(),
            parameters,
            call: None,
            request_method: (news == GroupNews::MembershipApprovalRequest).then(|| "invite_link".to_owned()),
        })
    }

    async fn seal_person(&self, account: AccountId, phone: &PhoneNumber) -> Result<Sealed, MessagingError> {
        Ok(self.platform.vault.seal(account, &format!("contact/{phone}"), phone.as_str()).await?)
    }
}

/// Whom or what notices must stay in order about.
fn about(notice: &Notice) -> &str {
    match notice {
        Notice::Presence { phone, .. } => phone.as_str(),
        Notice::Call { call, .. } => call,
        Notice::Group { group, .. } => group.as_str(),
    }
}

/// plugzapi-api.md 3.4 knows no word for a video call that rings.
const fn call_notification(state: CallState, video: bool) -> &'static str {
    match (state, video) {
        (CallState::Ringing, _) => "CALL_VOICE",
        (CallState::Missed, false) => "CALL_MISSED_VOICE",
        (CallState::Missed, true) => "CALL_MISSED_VIDEO",
    }
}
