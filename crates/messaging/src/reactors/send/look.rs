//! What must be known before a message goes out, asked for all messages that are about to at the same moment: three statements for a
//! batch, whatever its size.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use recado_event_store::StoreError;
use recado_kernel::{AccountId, InstanceId, MessageId};
use uuid::Uuid;

use crate::domain::message::MessageContent;
use crate::engine::SessionEngine;
use crate::projections::instances::InstanceView;
use crate::{Messaging, MessagingError};

/// A message that is first in its queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub account: AccountId,
    pub instance: InstanceId,
    pub message: MessageId,
    /// Is it about to be handed over? Before "Digitando…" its content is not needed yet.
    pub content: bool,
}

/// What is known about it.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Do trial or subscription run?
    pub usable: bool,
    /// Is its session online?
    pub online: bool,
    /// Will somebody be told of it as a message of our own ("enviadas por mim")?
    pub told: bool,
    /// What it says, if that was asked for; `None` once erased.
    pub content: Option<MessageContent>,
}

/// Answers in the order of the questions.
pub(super) async fn look(
    messaging: &Messaging,
    engine: &Arc<dyn SessionEngine>,
    asked: &[Asked],
) -> Result<Vec<Seen>, MessagingError> {
    let instances: Vec<InstanceId> = asked.iter().map(|one| one.instance).collect::<HashSet<_>>().into_iter().collect();
    let (views, online) = tokio::join!(messaging.views_of(&instances), engine.online(&instances));
    // An engine that does not answer now: everybody waits a little.
    let (mut views, online) = (views?, online.unwrap_or_default());
    let now = messaging.platform.now();
    let mut seen = Vec::with_capacity(asked.len());
    for one in asked {
        // The read model lags a little: only the log may say that a message has to wait a minute for its subscription.
        let unsure = views.get(&one.instance).is_none_or(|view| !view.may_send(now));
        if unsure && let Some(view) = messaging.instance_from_log(one.instance).await? {
            views.insert(one.instance, view);
        }
        let view = views.get(&one.instance);
        seen.push(Seen {
            usable: view.is_some_and(|view| view.may_send(now)),
            online: online.contains(&one.instance),
            told: view.is_some_and(wants_own),
            content: None,
        });
    }
    let mut contents = contents(messaging, asked.iter().zip(&seen)).await?;
    for (one, seen) in asked.iter().zip(&mut seen) {
        seen.content = contents.remove(&one.message.as_uuid());
    }
    Ok(seen)
}

fn wants_own(view: &InstanceView) -> bool {
    view.notify_sent_by_me && (view.webhooks.received.is_some() || view.webhooks.received_delivery.is_some())
}

async fn contents(
    messaging: &Messaging,
    messages: impl Iterator<Item = (&Asked, &Seen)>,
) -> Result<HashMap<Uuid, MessageContent>, MessagingError> {
    let wanted: Vec<(AccountId, Uuid)> = messages
        .filter(|(one, seen)| one.content && seen.usable && seen.online)
        .map(|(one, _)| (one.account, one.message.as_uuid()))
        .collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let opened = messaging.platform.vault.open_contents_of(&wanted).await?;
    let mut contents = HashMap::with_capacity(opened.len());
    for ((_, id), bytes) in wanted.into_iter().zip(opened) {
        let Some(bytes) = bytes else { continue };
        let content = serde_json::from_slice(&bytes).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        contents.insert(id, content);
    }
    Ok(contents)
}
