//! What messaging keeps about a person, for an erasure: waiting messages and texts of a contact; for an owner only what must end first.

use std::collections::BTreeSet;

use async_trait::async_trait;
use recado_accounts::{Holdings, Obstacle, Subject, SubjectHolder};
use recado_event_store::{Opened, StoreError};
use recado_kernel::{AccountId, ChatAddress, CommandId, CommandMeta, InstanceId, MessageId, Sealed};
use uuid::Uuid;

use crate::domain::instance::Subscription;
use crate::webhooks::{content, log};
use crate::{Connection, Messaging, MessagingError, SEND_TOPIC};

impl Messaging {
    /// Every message with this chat: straight from the log, as read models may lag, and those whose month left the log for an archive from
    /// the read model, where their rows stay.
    async fn messages_with(&self, account: AccountId, chat: &ChatAddress) -> Result<Vec<MessageId>, StoreError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT aggregate_id FROM events
              WHERE account_id = $1 AND aggregate_type = 'message' AND sequence = 1 AND payload->>'chat_digest' = $2
             UNION
             SELECT message_id::text FROM view_message WHERE account_id = $1 AND chat_digest = $2",
        )
        .bind(account.as_uuid())
        .bind(self.chat_digest(account, chat))
        .fetch_all(self.platform.pool())
        .await?;
        Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// Those of them that wait to be sent, with their instance.
    async fn waiting_of(&self, account: AccountId, messages: &[MessageId]) -> Result<Vec<(MessageId, InstanceId)>, StoreError> {
        let rows: Vec<(Uuid, String)> =
            sqlx::query_as("SELECT id, lane FROM work WHERE topic = $1 AND account_id = $2 AND id = ANY ($3) ORDER BY seq")
                .bind(SEND_TOPIC)
                .bind(account.as_uuid())
                .bind(messages.iter().map(MessageId::as_uuid).collect::<Vec<_>>())
                .fetch_all(self.platform.pool())
                .await?;
        Ok(rows.into_iter().filter_map(|(id, lane)| Some((MessageId::from_uuid(id), lane.parse().ok()?))).collect())
    }

    async fn contact_holdings(&self, account: AccountId, chat: &ChatAddress) -> Result<Holdings, StoreError> {
        let messages = self.messages_with(account, chat).await?;
        let instances = self.instances(account).await.map_err(only_store)?;
        let own =
            instances.into_iter().filter(|view| view.number.as_ref().is_some_and(|number| number.as_str() == chat.as_str()));
        let ids: Vec<Uuid> = messages.iter().map(MessageId::as_uuid).collect();
        let files = self.media.keys_of(account, &ids).await?;
        Ok(Holdings {
            waiting: u64::try_from(self.waiting_of(account, &messages).await?.len()).unwrap_or(u64::MAX),
            contents: ids.into_iter().chain(messages.iter().map(|id| content::own_copy(*id))).chain(files).collect(),
            read_models: vec!["view_message", "webhook_attempt"],
            kept: vec!["times, sizes and states of the messages, without a name".to_owned()],
            obstacles: own.map(|view| Obstacle::OwnNumber(view.name)).collect(),
            ..Holdings::default()
        })
    }

    /// Every number that was ever linked to one of the account's instances and can still be read: the owner's own.
    async fn own_numbers(&self, account: AccountId) -> Result<Vec<ChatAddress>, StoreError> {
        let seals: Vec<String> = sqlx::query_scalar(
            "SELECT payload->>'number' FROM events
              WHERE account_id = $1 AND aggregate_type = 'instance' AND event_type = 'instance.paired' AND payload ? 'number'",
        )
        .bind(account.as_uuid())
        .fetch_all(self.platform.pool())
        .await?;
        let seals: Vec<Sealed> = seals.into_iter().map(Sealed::from_token).collect();
        let opened = self.platform.vault.unseal_many(&seals).await?;
        let numbers = opened.into_iter().filter_map(|opened| match opened {
            Opened::Text(number) => number.parse().ok(),
            _ => None,
        });
        Ok(numbers.collect::<BTreeSet<ChatAddress>>().into_iter().collect())
    }

    async fn owner_holdings(&self, account: AccountId) -> Result<Holdings, StoreError> {
        let now = self.platform.now();
        let mut holdings = Holdings { own_numbers: self.own_numbers(account).await?, ..Holdings::default() };
        for view in self.instances(account).await.map_err(only_store)? {
            match view.terms.subscription {
                Subscription::Active { .. } => holdings.obstacles.push(Obstacle::Subscribed(view.name.clone())),
                Subscription::Cancelling { ends_at, .. } if ends_at > now => {
                    holdings.obstacles.push(Obstacle::Subscribed(view.name.clone()));
                }
                _ => {}
            }
            if view.connection != Connection::Disconnected {
                holdings.obstacles.push(Obstacle::Connected(view.name));
            }
        }
        Ok(holdings)
    }
}

#[async_trait]
impl SubjectHolder for Messaging {
    async fn holdings(&self, account: AccountId, subject: &Subject) -> Result<Holdings, StoreError> {
        match subject {
            Subject::Owner => self.owner_holdings(account).await,
            Subject::Contact(chat) => self.contact_holdings(account, chat).await,
        }
    }

    async fn let_go(&self, meta: &CommandMeta, subject: &Subject) -> Result<u64, StoreError> {
        let Subject::Contact(chat) = subject else { return Ok(0) };
        let messages = self.messages_with(meta.account_id, chat).await?;
        let mut cancelled = 0;
        // Without the key nobody could read to whom they go: taken out of the queue, where everybody sees it.
        for (message, instance) in self.waiting_of(meta.account_id, &messages).await? {
            let command_id = CommandId::derive(meta.command_id.as_uuid(), &format!("cancel/{message}"));
            let meta = CommandMeta { command_id, causation_id: Some(meta.command_id.as_uuid()), ..meta.clone() };
            cancelled += u64::from(self.cancel_message(meta, instance, message).await.map_err(only_store)?);
        }
        // A receiver may have answered with the message's own words.
        log::forget_answers(self.platform.pool(), meta.account_id, &messages).await?;
        Ok(cancelled)
    }
}

fn only_store(error: MessagingError) -> StoreError {
    match error {
        MessagingError::Store(error) => error,
        other => StoreError::Database(format!("unexpected: {other}")),
    }
}
