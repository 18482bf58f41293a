//! Bodies of presence and of the notices that are no messages (plugzapi-api.md 3.4 `notification`, 3.8).

use recado_event_store::StoreError;
use recado_kernel::{Sealed, Timestamp};
use serde_json::{Value, json};

use super::callback::{Callback, NoticeFacts, Order};
use super::target::Target;
use crate::Messaging;

impl Messaging {
    /// The body of a presence or a notice; `None` when it is about somebody whose data was erased, or is neither.
    pub(crate) async fn notice_body(
        &self,
        instance: &str,
        target: &Target,
        order: &Order,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let body = match &order.callback {
            Callback::Presence { phone, state, last_seen } => {
                let phone = self.platform.vault.unseal(phone).await?;
                phone.map(|phone| presence(instance, &phone, state.as_str(), *last_seen, order.at))
            }
            Callback::Notice(facts) => self.notice(instance, target, facts, order.at).await?,
            _ => None,
        };
        Ok(body.map(|body| body.to_string().into_bytes()))
    }

    async fn notice(
        &self,
        instance: &str,
        target: &Target,
        facts: &NoticeFacts,
        at: Timestamp,
    ) -> Result<Option<Value>, StoreError> {
        let (Some(chat), Some(sender)) =
            (self.platform.vault.unseal(&facts.chat).await?, self.platform.vault.unseal(&facts.sender).await?)
        else {
            return Ok(None);
        };
        let mut parameters = Vec::with_capacity(facts.parameters.len());
        for parameter in &facts.parameters {
            parameters.extend(self.platform.vault.unseal(parameter).await?);
        }
        let connected_phone = self.shown(target.number.as_ref()).await?;
        let chat_name = self.shown(facts.chat_name.as_ref()).await?;
        let is_group = chat.ends_with("-group");
        let mut body = json!({
            "type": "ReceivedCallback",
            "instanceId": instance,
            "messageId": facts.id,
            "phone": chat,
            "connectedPhone": connected_phone,
            "fromMe": sender == connected_phone,
            "fromApi": false,
            "momment": at.timestamp_millis(),
            "status": "RECEIVED",
            "chatName": if chat_name.is_empty() { &chat } else { &chat_name },
            "senderName": sender,
            "senderPhoto": null,
            "photo": null,
            "chatLid": null,
            "senderLid": null,
            "participantPhone": is_group.then_some(&sender),
            "participantLid": null,
            "isGroup": is_group,
            "isNewsletter": false,
            "broadcast": false,
            "isEdit": false,
            "isStatusReply": false,
            "waitingMessage": false,
            "forwarded": false,
            "referenceMessageId": null,
            "messageExpirationSeconds": 0,
            "notification": facts.notification,
            "notificationParameters": parameters,
        });
        for (name, value) in [("callId", &facts.call), ("requestMethod", &facts.request_method)] {
            if let Some(value) = value {
                body[name] = value.as_str().into();
            }
        }
        Ok(Some(body))
    }

    async fn shown(&self, sealed: Option<&Sealed>) -> Result<String, StoreError> {
        match sealed {
            Some(sealed) => Ok(self.platform.vault.unseal(sealed).await?.unwrap_or_default()),
            None => Ok(String::new()),
        }
    }
}

fn presence(instance: &str, phone: &str, status: &str, last_seen: Option<Timestamp>, at: Timestamp) -> Value {
    json!({
        "type": "PresenceChatCallback",
        "phone": phone,
        "status": status,
        "lastSeen": last_seen.map(|moment| moment.timestamp_millis()),
        "momment": at.timestamp_millis(),
        "instanceId": instance,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_presence_is_the_reference_s_example() {
        let at = Timestamp::from_timestamp_millis(1_781_524_799_000).unwrap();
        let expected = json!({ "type": "PresenceChatCallback", "phone": "5562988887777", "status": "COMPOSING", "lastSeen": null,
            "momment": 1_781_524_799_000_i64, "instanceId": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C" });
        assert_eq!(presence("5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "5562988887777", "COMPOSING", None, at), expected);
    }
}
