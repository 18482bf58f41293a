//! A batch of events folded into new rows and steps of known ones.

use std::collections::BTreeMap;

use recado_kernel::{AccountId, InstanceId, MessageId, Timestamp, WireId};

use super::Direction;
use crate::domain::message::{MessageEvent, MessageKind, MessageStatus};

/// A row to be inserted.
#[derive(Debug, Clone)]
pub(super) struct NewRow {
    pub id: MessageId,
    pub account: AccountId,
    pub instance: InstanceId,
    pub wire_id: WireId,
    pub direction: Direction,
    pub kind: MessageKind,
    pub chat: Option<String>,
    pub chat_digest: String,
    pub size: i64,
    pub status: MessageStatus,
    pub custom_id: Option<String>,
    pub at: Timestamp,
}

/// What changes in a row that exists.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub id: MessageId,
    pub status: MessageStatus,
    pub reason: Option<String>,
    pub attempts: Option<i32>,
    pub sending_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub received_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

impl Step {
    const fn of(id: MessageId) -> Self {
        Self {
            id,
            status: MessageStatus::None,
            reason: None,
            attempts: None,
            sending_at: None,
            sent_at: None,
            received_at: None,
            read_at: None,
            ended_at: None,
        }
    }
}

/// Everything a batch does to the table.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub new: Vec<NewRow>,
    steps: BTreeMap<MessageId, Step>,
}

impl Changes {
    /// One step per message, in no particular order.
    pub(super) fn steps(&self) -> Vec<&Step> {
        self.steps.values().collect()
    }

    /// Folds one event in. Events of one message come in their order, so the last status stands.
    pub(super) fn note(&mut self, id: MessageId, event: &MessageEvent, at: Timestamp, chat: Option<String>) {
        match event {
            MessageEvent::Accepted { account, instance, wire_id, kind, chat_digest, size, custom_id, .. } => {
                self.new.push(NewRow {
                    id,
                    account: *account,
                    instance: *instance,
                    wire_id: wire_id.clone(),
                    direction: Direction::Out,
                    kind: *kind,
                    chat,
                    chat_digest: chat_digest.clone(),
                    size: i64::try_from(*size).unwrap_or(i64::MAX),
                    status: MessageStatus::Queued,
                    custom_id: custom_id.clone(),
                    at,
                });
            }
            MessageEvent::Incoming { account, instance, wire_id, kind, chat_digest, size, .. } => {
                self.new.push(NewRow {
                    id,
                    account: *account,
                    instance: *instance,
                    wire_id: wire_id.clone(),
                    direction: Direction::In,
                    kind: *kind,
                    chat,
                    chat_digest: chat_digest.clone(),
                    size: i64::try_from(*size).unwrap_or(i64::MAX),
                    status: MessageStatus::Incoming,
                    custom_id: None,
                    at,
                });
            }
            // Not a step: the row says how far the message got.
            MessageEvent::Revoked {} => {}
            _ => self.advance(id, event, at),
        }
    }

    fn advance(&mut self, id: MessageId, event: &MessageEvent, at: Timestamp) {
        let step = self.steps.entry(id).or_insert_with(|| Step::of(id));
        match event {
            MessageEvent::Accepted { .. } | MessageEvent::Incoming { .. } | MessageEvent::Revoked {} => {}
            MessageEvent::Sending { attempt } => {
                step.status = MessageStatus::Sending;
                step.attempts = i32::try_from(*attempt).ok();
                step.sending_at = step.sending_at.or(Some(at));
            }
            MessageEvent::Sent {} => {
                step.status = MessageStatus::Sent;
                step.sent_at = Some(at);
            }
            MessageEvent::Received {} => {
                step.status = MessageStatus::Received;
                step.received_at = Some(at);
            }
            MessageEvent::Read {} => {
                step.status = MessageStatus::Read;
                step.read_at = Some(at);
            }
            MessageEvent::Played {} => step.status = MessageStatus::Played,
            MessageEvent::Refused { reason } => {
                step.status = MessageStatus::Refused;
                step.reason = Some(reason.clone());
                step.ended_at = Some(at);
            }
            MessageEvent::Cancelled {} => {
                step.status = MessageStatus::Cancelled;
                step.ended_at = Some(at);
            }
            MessageEvent::Uncertain { reason } => {
                step.status = MessageStatus::Uncertain;
                step.reason = Some(reason.clone());
            }
        }
    }
}
