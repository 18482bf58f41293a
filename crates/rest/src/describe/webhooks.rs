//! What we send to webhooks (plugzapi-api.md 3), as OpenAPI 3.1 `webhooks`.

use serde_json::{Map, Value, json};

use super::callbacks::examples;

/// Name of the callback, where its address is set, when it comes.
const CALLBACKS: [(&str, &str, &str); 6] = [
    (
        "ReceivedCallback",
        "update-webhook-received",
        "Uma mensagem chegou (ou, com “enviadas por mim”, saiu). O tipo do conteúdo se reconhece pela chave presente: `text`, `image`, \
         `audio`, `video`, `document`, `sticker`, `contact`, `location`, `reaction`, `poll`, `pollVote`, `buttonsResponseMessage`, \
         `listResponseMessage` ou `notification`; as outras não vêm.",
    ),
    (
        "DeliveryCallback",
        "update-webhook-delivery",
        "A mensagem saiu da fila e o WhatsApp a aceitou; ou não pôde sair, e `error` diz por quê.",
    ),
    (
        "MessageStatusCallback",
        "update-webhook-message-status",
        "Uma ou mais mensagens mudaram de estado: `SENT`, `RECEIVED`, `READ`, `READ_BY_ME`, `PLAYED`. Um estado pode repetir-se ou ser pulado.",
    ),
    ("ConnectedCallback", "update-webhook-connected", "A instância conectou."),
    ("DisconnectedCallback", "update-webhook-disconnected", "A instância desconectou."),
    ("PresenceChatCallback", "update-webhook-chat-presence", "O contato está digitando, gravando, on-line ou saiu."),
];

/// The kinds of content of a `ReceivedCallback` (plugzapi-api.md 3.4) with their fields: `#` a number, `?` yes or no, `~` may be null, `@` an
/// object, `*` a list; others are texts.
const CONTENTS: [(&str, &str); 17] = [
    ("text", "message description title url thumbnailUrl"),
    ("image", "mimeType imageUrl thumbnailUrl caption width# height# viewOnce? downloadError~"),
    ("audio", "audioUrl mimeType ptt? seconds# viewOnce?"),
    ("video", "videoUrl caption mimeType seconds# viewOnce? width# height#"),
    ("document", "documentUrl mimeType title pageCount# fileName thumbnailUrl caption"),
    ("sticker", "stickerUrl mimeType"),
    ("contact", "displayName vCard phones*"),
    ("location", "longitude# latitude# address url name thumbnailUrl"),
    ("reaction", "value time# reactionBy referencedMessage@"),
    ("buttonsResponseMessage", "buttonId message"),
    ("listResponseMessage", "message title selectedRowId"),
    ("poll", "question pollMaxOptions# options*"),
    ("pollVote", "pollMessageId options*"),
    ("hydratedTemplate", "header@ message footer title templateId hydratedButtons*"),
    ("buttonsMessage", "imageUrl videoUrl message buttons*"),
    ("pixKeyMessage", "currency referenceId key keyType merchantName"),
    ("externalAdReply", "title body mediaType# thumbnailUrl sourceType sourceId ctwaClid sourceUrl"),
];

const DELIVERY: &str = "Chega como `POST` com corpo JSON, assinado. Qualquer resposta 2xx vale como recebida (responda logo e trabalhe \
                        depois); outra resposta, ou nenhuma em 10 segundos, é tentada de novo por mais de uma hora, e então fica visível no \
                        painel. O mesmo aviso pode chegar duas vezes, com o mesmo `webhook-id`: por ele se reconhece a repetição.";

pub(super) fn webhooks() -> Value {
    CALLBACKS
        .iter()
        .enumerate()
        .map(|(place, (name, route, when))| {
            let operation = json!({
                "operationId": name,
                "summary": name,
                "description": format!("{when}\n\nO endereço é configurado por `PUT /{route}`, ou no painel.\n\n{DELIVERY}"),
                "x-order": place,
                "parameters": [
                    header("webhook-id", "A entrega; numa repetição é o mesmo. Por ele se reconhece o que já chegou."),
                    header("webhook-timestamp", "Quando esta tentativa foi feita, em segundos desde 1970 (UTC)."),
                    header("webhook-signature", "Assinatura no padrão Standard Webhooks: `v1,` e o HMAC-SHA256, em base64, de `{webhook-id}.{webhook-timestamp}.{corpo}`."),
                    header("x-recado-signature", "`sha256=` e o HMAC-SHA256 do corpo, em hexadecimal, com o segredo de webhooks da instância."),
                    header("x-token", "O segredo de webhooks da instância (está no painel, em Editar › Webhooks)."),
                ],
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": { "$ref": format!("#/components/schemas/{name}") },
                    "examples": examples(name),
                } } },
                "responses": { "200": { "description": "Recebido." } },
            });
            ((*name).to_owned(), json!({ "post": operation }))
        })
        .collect::<Map<_, _>>()
        .into()
}

fn header(name: &str, says: &str) -> Value {
    json!({ "name": name, "in": "header", "description": says, "schema": { "type": "string" } })
}

pub(super) fn add_schemas(schemas: &mut Map<String, Value>) {
    for (name, ..) in CALLBACKS {
        schemas.insert(name.to_owned(), schema(name));
    }
}

fn schema(name: &str) -> Value {
    let text = json!({ "type": "string" });
    let maybe = json!({ "type": ["string", "null"] });
    let yes_or_no = json!({ "type": "boolean" });
    let momment =
        json!({ "type": "integer", "description": "Quando, em milissegundos desde 1970 (UTC). Escreve-se assim mesmo." });
    let (own, optional): (Value, &[&str]) = match name {
        "ReceivedCallback" => (
            json!({
                "messageId": text, "phone": text, "connectedPhone": text, "fromMe": yes_or_no, "fromApi": yes_or_no, "momment": momment,
                "status": { "type": "string", "enum": ["PENDING", "SENT", "RECEIVED", "READ", "PLAYED"] },
                "chatName": text, "senderName": text, "senderPhoto": maybe, "photo": maybe, "chatLid": maybe, "senderLid": maybe,
                "participantPhone": maybe, "participantLid": maybe, "isGroup": yes_or_no, "isNewsletter": yes_or_no,
                "broadcast": yes_or_no, "isEdit": yes_or_no, "isStatusReply": yes_or_no, "waitingMessage": yes_or_no,
                "forwarded": yes_or_no, "referenceMessageId": maybe, "messageExpirationSeconds": { "type": "integer" },
            }),
            &[],
        ),
        "DeliveryCallback" => (
            json!({
                "phone": text, "zaapId": text, "messageId": text, "momment": momment,
                "error": { "type": "string", "description": "Só quando não saiu." },
                "errorCode": { "type": "string", "description": "Só em casos especiais: `SHADOW_BAN`." },
                "customId": { "type": "string", "description": "O que veio no envio." },
            }),
            &["error", "errorCode", "customId"],
        ),
        "MessageStatusCallback" => (
            json!({
                "phone": text, "momment": momment, "phoneDevice": { "type": "integer" }, "isGroup": yes_or_no,
                "ids": { "type": "array", "items": text },
                "status": { "type": "string", "enum": ["SENT", "RECEIVED", "READ", "READ_BY_ME", "PLAYED"] },
            }),
            &[],
        ),
        "ConnectedCallback" => (json!({ "connected": yes_or_no, "phone": text, "momment": momment }), &[]),
        "DisconnectedCallback" => (json!({ "disconnected": yes_or_no, "error": text, "momment": momment }), &[]),
        _ => (
            json!({
                "phone": text, "momment": momment, "lastSeen": { "type": ["integer", "null"] },
                "status": { "type": "string", "enum": ["AVAILABLE", "UNAVAILABLE", "COMPOSING", "RECORDING", "PAUSED"] },
            }),
            &[],
        ),
    };
    let mut properties = json!({ "type": { "type": "string", "const": name }, "instanceId": text });
    if let (Some(all), Value::Object(own)) = (properties.as_object_mut(), own) {
        all.extend(own);
    }
    let names = properties.as_object().into_iter().flat_map(|all| all.keys().cloned());
    let required: Vec<String> = names.filter(|name| !optional.contains(&name.as_str())).collect();
    if let ("ReceivedCallback", Some(all)) = (name, properties.as_object_mut()) {
        all.extend(CONTENTS.map(|(kind, fields)| (kind.to_owned(), content(fields))));
        all.insert("notification".to_owned(), text);
        all.insert("notificationParameters".to_owned(), json!({ "type": "array", "items": {} }));
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

fn content(fields: &str) -> Value {
    let properties: Map<String, Value> = fields
        .split(' ')
        .map(|written| {
            let name = written.trim_end_matches(['#', '?', '~', '@', '*']);
            let schema = match written.chars().last() {
                Some('#') => json!({ "type": "number" }),
                Some('?') => json!({ "type": "boolean" }),
                Some('~') => json!({ "type": ["string", "null"] }),
                Some('@') => json!({ "type": "object" }),
                Some('*') => json!({ "type": "array", "items": {} }),
                _ => json!({ "type": "string" }),
            };
            (name.to_owned(), schema)
        })
        .collect();
    json!({ "type": "object", "properties": properties })
}
