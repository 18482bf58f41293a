//! What happened to a message. Wire names are for ever.

use recado_event_store::stored_events;
use recado_kernel::{AccountId, InstanceId, Sealed, WireId};
use serde::{Deserialize, Serialize};

use super::MessageKind;

/// Events of one message; business time is the event's `occurred_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum MessageEvent {
    /// It waits in the queue; the answer to the client was given.
    #[serde(rename = "message.accepted")]
    Accepted {
        /// The owner.
        account: AccountId,
        /// Through which instance.
        instance: InstanceId,
        /// The id WhatsApp will see, the same on every attempt.
        wire_id: WireId,
        /// What kind.
        kind: MessageKind,
        /// To whom, sealed under "contact/<digits>".
        chat: Sealed,
        /// Keyed digest of the chat within the account.
        chat_digest: String,
        /// Bytes of the text.
        size: u64,
        /// Keyed digest of the content within the account.
        digest: String,
        /// Seconds to wait before the next message, 1..=15; `None`: random 1–3 s (plugzapi-api.md 2.2).
        delay_message: Option<u8>,
        /// Seconds of "typing…" before sending, 0..=15.
        delay_typing: u8,
        /// The client's own id, echoed in its webhooks.
        custom_id: Option<String>,
        /// WhatsApp id of the message being answered.
        #[serde(default)]
        reply_to: Option<WireId>,
    },
    /// It is about to be handed to the engine (written before the hand-over).
    #[serde(rename = "message.sending")]
    Sending {
        /// 1 for the first.
        attempt: u32,
    },
    /// WhatsApp accepted it; the content is gone.
    #[serde(rename = "message.sent")]
    Sent {},
    /// It reached the other side.
    #[serde(rename = "message.received")]
    Received {},
    /// It was read.
    #[serde(rename = "message.read")]
    Read {},
    /// The voice note was heard.
    #[serde(rename = "message.played")]
    Played {},
    /// It will not be sent.
    #[serde(rename = "message.refused")]
    Refused {
        /// Short technical reason without personal data, e.g. `not_on_whatsapp`.
        reason: String,
    },
    /// Taken out of the queue.
    #[serde(rename = "message.cancelled")]
    Cancelled {},
    /// Nobody knows whether it went out.
    #[serde(rename = "message.uncertain")]
    Uncertain {
        /// Short technical reason.
        reason: String,
    },
    /// It came in.
    #[serde(rename = "message.incoming")]
    Incoming {
        /// The owner.
        account: AccountId,
        /// Through which instance.
        instance: InstanceId,
        /// The id WhatsApp gave it.
        wire_id: WireId,
        /// What kind.
        kind: MessageKind,
        /// From whom, sealed under "contact/<digits>".
        chat: Sealed,
        /// Keyed digest of the chat within the account.
        chat_digest: String,
        /// Bytes of the text.
        size: u64,
        /// Keyed digest of the content within the account.
        digest: String,
        /// The name the sender shows, sealed like `chat`.
        #[serde(default)]
        sender_name: Option<Sealed>,
        /// In a group: who wrote it, sealed under "contact/<digits>".
        #[serde(default, skip_serializing_if = "Option::is_none")]
        participant: Option<Sealed>,
        /// In a group: its name, sealed like `chat`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chat_name: Option<Sealed>,
        /// WhatsApp id of the message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<WireId>,
        /// Was it passed on from another chat?
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        forwarded: bool,
    },
    /// Deleted for everybody because we asked WhatsApp to.
    #[serde(rename = "message.revoked")]
    Revoked {},
}

stored_events! {
    MessageEvent {
        Accepted => "message.accepted" 1,
            en "It waits in the queue; the client has its answer.",
            pt "Está na fila; o cliente já recebeu a resposta.",
            sealed ["chat"];
        Sending => "message.sending" 1,
            en "It is about to be handed over (written before the hand-over).",
            pt "Está para ser entregue ao WhatsApp (registrado antes da entrega).";
        Sent => "message.sent" 1,
            en "WhatsApp accepted it; its content is gone.",
            pt "O WhatsApp aceitou; o conteúdo foi apagado.";
        Received => "message.received" 1,
            en "It reached the other side.",
            pt "Chegou ao outro lado.";
        Read => "message.read" 1,
            en "It was read there.",
            pt "Foi lida.";
        Played => "message.played" 1,
            en "The voice note was heard.",
            pt "O áudio foi ouvido.";
        Refused => "message.refused" 1,
            en "It will not be sent, for this reason.",
            pt "Não será enviada, por este motivo.";
        Cancelled => "message.cancelled" 1,
            en "It was taken out of the queue.",
            pt "Foi retirada da fila.";
        Uncertain => "message.uncertain" 1,
            en "Nobody knows whether it went out.",
            pt "Não se sabe se saiu.";
        Incoming => "message.incoming" 1,
            en "A message came in.",
            pt "Uma mensagem foi recebida.",
            sealed ["chat", "sender_name", "participant", "chat_name"];
        Revoked => "message.revoked" 1,
            en "It was deleted for everybody, as asked.",
            pt "Foi apagada para todos, a pedido.";
    }
}
