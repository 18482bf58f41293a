//! The aggregate.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::{AccountId, InstanceId, Sealed, WireId};
use serde::{Deserialize, Serialize};

use super::{MessageAction, MessageCommand, MessageError, MessageEvent, MessageStatus, Receipt};

/// One message as its events tell.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Message {
    /// `None` until it exists.
    pub account: Option<AccountId>,
    /// Through which instance.
    pub instance: Option<InstanceId>,
    /// Its id inside WhatsApp.
    pub wire_id: Option<WireId>,
    /// The other side, sealed.
    pub chat: Option<Sealed>,
    /// Where it stands.
    pub status: MessageStatus,
    /// Hand-overs so far.
    pub attempt: u32,
    /// Seconds before the next message.
    pub delay_message: Option<u8>,
    /// Seconds of typing.
    pub delay_typing: u8,
    /// The client's own id.
    pub custom_id: Option<String>,
    /// The message being answered.
    pub reply_to: Option<WireId>,
    /// Has it been deleted for everybody, as asked?
    #[serde(default)]
    pub revoked: bool,
}

impl Message {
    fn decide(&self, command: MessageCommand) -> Result<Vec<MessageEvent>, MessageError> {
        let MessageCommand { account, instance, action } = command;
        let status = self.status;
        match action {
            MessageAction::Accept {
                wire_id,
                kind,
                chat,
                chat_digest,
                size,
                digest,
                delay_message,
                delay_typing,
                custom_id,
                reply_to,
            } => match self.account {
                Some(_) => Err(MessageError::AlreadyExists),
                None => Ok(vec![MessageEvent::Accepted {
                    account,
                    instance,
                    wire_id,
                    kind,
                    chat,
                    chat_digest,
                    size,
                    digest,
                    delay_message,
                    delay_typing,
                    custom_id,
                    reply_to,
                }]),
            },
            MessageAction::Receive {
                wire_id,
                kind,
                chat,
                chat_digest,
                size,
                digest,
                sender_name,
                participant,
                chat_name,
                reply_to,
                forwarded,
            } => match self.account {
                Some(owner) if owner == account && self.instance == Some(instance) && status == MessageStatus::Incoming => {
                    Ok(vec![])
                }
                Some(_) => Err(MessageError::AlreadyExists),
                None => Ok(vec![MessageEvent::Incoming {
                    account,
                    instance,
                    wire_id,
                    kind,
                    chat,
                    chat_digest,
                    size,
                    digest,
                    sender_name,
                    participant,
                    chat_name,
                    reply_to,
                    forwarded,
                }]),
            },
            _ if self.account != Some(account) || self.instance != Some(instance) => Err(MessageError::NotFound),
            MessageAction::StartSending { attempt } => match status {
                MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Uncertain => {
                    Ok((attempt > self.attempt).then_some(MessageEvent::Sending { attempt }).into_iter().collect())
                }
                _ => Err(MessageError::NotWaiting { status }),
            },
            MessageAction::Confirm(receipt) => Ok(self.confirm(receipt)),
            MessageAction::Refuse { reason } => match status {
                MessageStatus::Queued | MessageStatus::Sending | MessageStatus::Uncertain => {
                    Ok(vec![MessageEvent::Refused { reason }])
                }
                _ => Ok(vec![]),
            },
            MessageAction::Cancel => match status {
                MessageStatus::Queued => Ok(vec![MessageEvent::Cancelled {}]),
                MessageStatus::Cancelled => Ok(vec![]),
                _ => Err(MessageError::NotWaiting { status }),
            },
            MessageAction::Revoke => Ok((!self.revoked).then_some(MessageEvent::Revoked {}).into_iter().collect()),
            MessageAction::MarkUncertain { reason } => match status {
                MessageStatus::Sending => Ok(vec![MessageEvent::Uncertain { reason }]),
                _ => Ok(vec![]),
            },
        }
    }

    /// An early receipt implies that WhatsApp accepted the message; late and repeated ones change nothing.
    fn confirm(&self, receipt: Receipt) -> Vec<MessageEvent> {
        let left_for_good = matches!(self.status, MessageStatus::Refused | MessageStatus::Cancelled | MessageStatus::Incoming);
        let (rank, event) = match receipt {
            Receipt::Sent => (MessageStatus::Sent.rank(), None),
            Receipt::Received => (MessageStatus::Received.rank(), Some(MessageEvent::Received {})),
            Receipt::Read => (MessageStatus::Read.rank(), Some(MessageEvent::Read {})),
            Receipt::Played => (MessageStatus::Played.rank(), Some(MessageEvent::Played {})),
        };
        if left_for_good || rank <= self.status.rank() {
            return vec![];
        }
        let implied = (!self.status.went_out()).then_some(MessageEvent::Sent {});
        implied.into_iter().chain(event).collect()
    }
}

impl Aggregate for Message {
    const TYPE: &'static str = "message";
    type Command = MessageCommand;
    type Event = MessageEvent;
    type Error = MessageError;
    type Services = ();

    async fn handle(&mut self, command: MessageCommand, _: &(), sink: &EventSink<Self>) -> Result<(), MessageError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: MessageEvent) {
        match event {
            MessageEvent::Accepted {
                account, instance, wire_id, chat, delay_message, delay_typing, custom_id, reply_to, ..
            } => {
                *self = Self {
                    account: Some(account),
                    instance: Some(instance),
                    wire_id: Some(wire_id),
                    chat: Some(chat),
                    status: MessageStatus::Queued,
                    attempt: 0,
                    delay_message,
                    delay_typing,
                    custom_id,
                    reply_to,
                    revoked: false,
                };
            }
            MessageEvent::Incoming { account, instance, wire_id, chat, .. } => {
                *self = Self {
                    account: Some(account),
                    instance: Some(instance),
                    wire_id: Some(wire_id),
                    chat: Some(chat),
                    status: MessageStatus::Incoming,
                    ..Self::default()
                };
            }
            MessageEvent::Sending { attempt } => {
                self.attempt = attempt;
                self.status = MessageStatus::Sending;
            }
            MessageEvent::Sent {} => self.status = MessageStatus::Sent,
            MessageEvent::Received {} => self.status = MessageStatus::Received,
            MessageEvent::Read {} => self.status = MessageStatus::Read,
            MessageEvent::Played {} => self.status = MessageStatus::Played,
            MessageEvent::Revoked {} => self.revoked = true,
            MessageEvent::Refused { .. } => self.status = MessageStatus::Refused,
            MessageEvent::Cancelled {} => self.status = MessageStatus::Cancelled,
            MessageEvent::Uncertain { .. } => self.status = MessageStatus::Uncertain,
        }
    }
}
