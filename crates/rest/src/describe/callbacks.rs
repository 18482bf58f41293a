//! Callbacks as they come, one of each kind (plugzapi-api.md 3.5 to 3.8).

use serde_json::{Map, Value, json};

/// Bodies as they come, by name.
pub(super) fn examples(name: &str) -> Value {
    let instance = "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C";
    let named = |name: &str, value: Value| (name.to_owned(), json!({ "value": value }));
    let sent = json!({
        "type": "DeliveryCallback", "instanceId": instance, "phone": "5562988887777", "zaapId": "019A2C7755B1704E9D0F3B6A81C4E2D7",
        "messageId": "3EB0A1C9D2E47F0B6C18", "momment": 1_781_524_802_456_i64,
    });
    let examples = match name {
        "ReceivedCallback" => received(instance).into_iter().map(|(kind, value)| named(kind, value)).collect(),
        "DeliveryCallback" => {
            let mut refused = sent.clone();
            refused["error"] = "Phone number does not have WhatsApp".into();
            vec![named("saiu", sent), named("não saiu", refused)]
        }
        "MessageStatusCallback" => vec![named(
            "lida",
            json!({
                "type": name, "instanceId": instance, "status": "READ", "ids": ["3EB0A1C9D2E47F0B6C18"], "momment": 1_781_524_860_000_i64,
                "phoneDevice": 0, "phone": "5562988887777", "isGroup": false,
            }),
        )],
        "ConnectedCallback" => vec![named(
            "conectou",
            json!({ "type": name, "connected": true, "phone": "5562933334444", "momment": 1_781_520_000_000_i64, "instanceId": instance }),
        )],
        "DisconnectedCallback" => vec![named(
            "desconectou",
            json!({
                "type": name, "disconnected": true, "error": "Device has been disconnected", "momment": 1_781_523_600_000_i64,
                "instanceId": instance,
            }),
        )],
        _ => vec![named(
            "digitando",
            json!({
                "type": name, "phone": "5562988887777", "status": "COMPOSING", "lastSeen": null, "momment": 1_781_524_799_000_i64,
                "instanceId": instance,
            }),
        )],
    };
    examples.into_iter().collect::<Map<_, _>>().into()
}

/// One message of each kind: only the last member differs.
fn received(instance: &str) -> Vec<(&'static str, Value)> {
    let quoted = "3EB0AA11BB22CC33DD44";
    let kinds = [
        ("texto", json!({ "text": { "message": "Bom dia, vocês abrem hoje?" } })),
        (
            "imagem",
            json!({ "image": {
                "mimeType": "image/jpeg", "imageUrl": "https://media.example.org/i/77.jpg", "thumbnailUrl": "https://media.example.org/i/77t.jpg",
                "caption": "vitrine", "width": 1280, "height": 960, "viewOnce": false, "downloadError": null,
            } }),
        ),
        (
            "áudio",
            json!({ "audio": {
                "audioUrl": "https://media.example.org/a/9.ogg", "mimeType": "audio/ogg; codecs=opus", "ptt": true, "seconds": 7, "viewOnce": false,
            } }),
        ),
        (
            "documento",
            json!({ "document": {
                "documentUrl": "https://media.example.org/d/4.pdf", "mimeType": "application/pdf", "title": "Orçamento",
                "fileName": "orcamento.pdf", "pageCount": 2,
            } }),
        ),
        (
            "localização",
            json!({ "location": { "latitude": -16.6869, "longitude": -49.2648, "name": "Loja centro", "address": "Rua 4, 120", "url": "" } }),
        ),
        (
            "reação",
            json!({ "reaction": {
                "value": "👍", "time": 1_781_524_805_000_i64, "reactionBy": "5562988887777",
                "referencedMessage": { "messageId": quoted, "fromMe": true, "phone": "5562988887777", "participant": null },
            } }),
        ),
        (
            "resposta a botões",
            json!({ "referenceMessageId": quoted, "buttonsResponseMessage": { "buttonId": "sim", "message": "Sim, confirmo" } }),
        ),
        (
            "resposta a lista",
            json!({
                "referenceMessageId": quoted,
                "listResponseMessage": { "title": "Segunda-feira", "message": "Das 8h às 12h", "selectedRowId": "seg-manha" },
            }),
        ),
        ("voto", json!({ "pollVote": { "pollMessageId": "3EB0AA11BB22CC33DD55", "options": [{ "name": "Manhã" }] } })),
    ];
    kinds.into_iter().map(|(kind, content)| (kind, with(common_fields(instance), content))).collect()
}

fn common_fields(instance: &str) -> Value {
    json!({
        "type": "ReceivedCallback", "instanceId": instance, "messageId": "3EB01F2E3D4C5B6A7988", "phone": "5562988887777",
        "connectedPhone": "5562933334444", "fromMe": false, "fromApi": false, "momment": 1_781_524_800_123_i64, "status": "RECEIVED",
        "chatName": "Padaria Ipê", "senderName": "Ana", "senderPhoto": null, "photo": null, "chatLid": "20456789012345@lid",
        "senderLid": "20456789012345@lid", "participantPhone": null, "participantLid": null, "isGroup": false, "isNewsletter": false,
        "broadcast": false, "isEdit": false, "isStatusReply": false, "waitingMessage": false, "forwarded": false,
        "referenceMessageId": null, "messageExpirationSeconds": 0,
    })
}

fn with(mut body: Value, content: Value) -> Value {
    if let (Some(body), Value::Object(content)) = (body.as_object_mut(), content) {
        body.extend(content);
    }
    body
}
