//! What a webhook body tells, as a receiver that wants to count must read it: by `type` and `messageId`, or `ids` and `status`.

use serde_json::Value;

/// What happened to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `DeliveryCallback`: it left the queue.
    Delivery,
    /// Status `SENT`.
    Sent,
    /// Status `RECEIVED`.
    Received,
    /// Status `READ`.
    Read,
    /// `ReceivedCallback`: somebody wrote to us.
    Incoming,
}

impl Kind {
    /// For people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivery => "DeliveryCallback",
            Self::Sent => "SENT",
            Self::Received => "RECEIVED",
            Self::Read => "READ",
            Self::Incoming => "ReceivedCallback",
        }
    }
}

/// One fact about one message.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fact {
    /// WhatsApp's id of the message.
    pub message: String,
    /// What.
    pub kind: Kind,
}

/// What the body tells; `None` for connection changes and whatever else is no fact about a message.
pub fn read(body: &Value) -> Option<Fact> {
    let fact = |message: &Value, kind| Some(Fact { message: message.as_str()?.to_owned(), kind });
    match (body["type"].as_str()?, body["status"].as_str()) {
        ("DeliveryCallback", _) => fact(&body["messageId"], Kind::Delivery),
        ("ReceivedCallback", _) => fact(&body["messageId"], Kind::Incoming),
        ("MessageStatusCallback", Some("SENT")) => fact(&body["ids"][0], Kind::Sent),
        ("MessageStatusCallback", Some("RECEIVED")) => fact(&body["ids"][0], Kind::Received),
        ("MessageStatusCallback", Some("READ")) => fact(&body["ids"][0], Kind::Read),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn facts_are_read_as_the_contract_writes_them() {
        let status = read(&json!({ "type": "MessageStatusCallback", "ids": ["3EB0"], "status": "READ" })).unwrap();
        assert_eq!(status, Fact { message: "3EB0".into(), kind: Kind::Read });
        assert_eq!(read(&json!({ "type": "DeliveryCallback", "messageId": "3EB1" })).unwrap().kind, Kind::Delivery);
        assert_eq!(
            read(&json!({ "type": "ReceivedCallback", "messageId": "3EB2", "status": "RECEIVED" })).unwrap().kind,
            Kind::Incoming
        );
        assert_eq!(read(&json!({ "type": "ConnectedCallback", "connected": true })), None);
    }
}
