//! The examples of plugzapi-api.md 3.5, kind by kind.

use serde_json::{Value, json};

use super::{ReceivedFacts, received};
use crate::domain::message::{
    AudioContent, ButtonResponseContent, ContactCard, DocumentContent, ImageContent, ListResponseContent, LocationContent, Media,
    MediaId, MediaRef, MessageContent, PollVoteContent, ReactionContent, RevokeContent, StickerContent, TextContent,
    VideoContent,
};
use recado_kernel::{Timestamp, WireId};

fn at() -> Timestamp {
    Timestamp::from_timestamp_millis(1_781_524_802_456).unwrap()
}

fn wire(id: &str) -> WireId {
    WireId::parse(id).unwrap()
}

fn facts(content: &MessageContent) -> ReceivedFacts<'_> {
    ReceivedFacts {
        instance: "5B",
        wire_id: "3EB0",
        phone: "5562988887777",
        is_group: false,
        connected_phone: "5562933334444",
        from_me: false,
        sender_name: "Ana",
        chat_name: None,
        participant: None,
        reply_to: None,
        forwarded: false,
        content,
    }
}

fn body(facts: &ReceivedFacts<'_>) -> Value {
    let link = |file: &MediaRef| format!("https://media.example.org/{}", file.mime_type.replace('/', "."));
    serde_json::from_slice(&received(facts, &link, at())).unwrap()
}

fn media(mime_type: &str) -> Media {
    Media::Stored(MediaRef {
        id: MediaId::derive(uuid::Uuid::nil(), "x"),
        mime_type: mime_type.into(),
        size: 9,
        digest: "d".into(),
        file_name: None,
        width: Some(1280),
        height: Some(960),
        seconds: Some(7),
    })
}

#[test]
fn a_received_text_has_every_member_of_the_example_and_no_other_kind() {
    let content = MessageContent::text("Bom dia");
    let expected = json!({ "type": "ReceivedCallback", "instanceId": "5B", "messageId": "3EB0", "phone": "5562988887777",
        "connectedPhone": "5562933334444", "fromMe": false, "fromApi": false, "momment": 1_781_524_802_456_i64, "status": "RECEIVED",
        "chatName": "Ana", "senderName": "Ana", "senderPhoto": null, "photo": null, "chatLid": null, "senderLid": null,
        "participantPhone": null, "participantLid": null, "isGroup": false, "isNewsletter": false, "broadcast": false,
        "isEdit": false, "isStatusReply": false, "waitingMessage": false, "forwarded": false, "referenceMessageId": null,
        "messageExpirationSeconds": 0, "text": { "message": "Bom dia" } });
    assert_eq!(body(&facts(&content)), expected);
}

#[test]
fn each_kind_is_its_key_alone() {
    let card = ContactCard {
        name: "Bruno Reis".into(),
        phones: vec!["5562977776666".into()],
        business_description: None,
        vcard: Some("V".into()),
    };
    let kinds: [(MessageContent, Value); 11] = [
        (
            ImageContent { media: media("image/jpeg"), caption: "vitrine".into(), view_once: false, mentioned: vec![] }.into(),
            json!({ "image": { "mimeType": "image/jpeg", "imageUrl": "https://media.example.org/image.jpeg",
                "thumbnailUrl": "https://media.example.org/image.jpeg", "caption": "vitrine", "width": 1280, "height": 960,
                "viewOnce": false, "downloadError": null } }),
        ),
        (
            AudioContent { media: media("audio/ogg; codecs=opus"), ptt: true, waveform: false, view_once: false }.into(),
            json!({ "audio": { "audioUrl": "https://media.example.org/audio.ogg; codecs=opus", "mimeType": "audio/ogg; codecs=opus",
                "ptt": true, "seconds": 7, "viewOnce": false } }),
        ),
        (
            VideoContent { media: media("video/mp4"), caption: String::new(), view_once: false, mentioned: vec![] }.into(),
            json!({ "video": { "videoUrl": "https://media.example.org/video.mp4", "mimeType": "video/mp4", "caption": "",
                "seconds": 7, "viewOnce": false, "width": 1280, "height": 960 } }),
        ),
        (
            DocumentContent {
                media: media("application/pdf"),
                extension: "pdf".into(),
                file_name: Some("orcamento".into()),
                caption: String::new(),
                page_count: Some(2),
                edits: None,
            }
            .into(),
            json!({ "document": { "documentUrl": "https://media.example.org/application.pdf", "mimeType": "application/pdf",
                "title": "orcamento.pdf", "fileName": "orcamento.pdf", "pageCount": 2, "thumbnailUrl": null, "caption": "" } }),
        ),
        (
            StickerContent { media: media("image/webp"), author: None }.into(),
            json!({ "sticker": { "stickerUrl": "https://media.example.org/image.webp", "mimeType": "image/webp" } }),
        ),
        (card.into(), json!({ "contact": { "displayName": "Bruno Reis", "vCard": "V", "phones": ["5562977776666"] } })),
        (
            LocationContent {
                latitude: "-16.6869".parse().unwrap(),
                longitude: "-49.2648".parse().unwrap(),
                name: "Loja centro".into(),
                address: "Rua 4, 120".into(),
                url: String::new(),
            }
            .into(),
            json!({ "location": { "latitude": -16.6869, "longitude": -49.2648, "name": "Loja centro", "address": "Rua 4, 120",
                "url": "", "thumbnailUrl": null } }),
        ),
        (
            ReactionContent { target: wire("3EB0AA"), emoji: "👍".into(), target_from_me: true, target_author: None }.into(),
            json!({ "reaction": { "value": "👍", "time": 1_781_524_802_456_i64, "reactionBy": "5562988887777",
                "referencedMessage": { "messageId": "3EB0AA", "fromMe": true, "phone": "5562988887777", "participant": null } } }),
        ),
        (
            ButtonResponseContent { button_id: "sim".into(), text: "Sim, confirmo".into() }.into(),
            json!({ "buttonsResponseMessage": { "buttonId": "sim", "message": "Sim, confirmo" } }),
        ),
        (
            ListResponseContent { row_id: "seg-manha".into(), title: "Segunda-feira".into(), text: "Das 8h às 12h".into() }
                .into(),
            json!({ "listResponseMessage": { "title": "Segunda-feira", "message": "Das 8h às 12h", "selectedRowId": "seg-manha" } }),
        ),
        (
            PollVoteContent { poll: wire("3EB0AA"), options: vec!["Manhã".into()] }.into(),
            json!({ "pollVote": { "pollMessageId": "3EB0AA", "options": [{ "name": "Manhã" }] } }),
        ),
    ];
    let common = body(&facts(&MessageContent::text("x")));
    for (content, kind) in kinds {
        let mut expected = common.clone();
        let members = expected.as_object_mut().unwrap();
        members.remove("text");
        members.extend(kind.as_object().unwrap().clone());
        assert_eq!(body(&facts(&content)), expected);
    }
}

#[test]
fn edits_and_deletions_carry_the_id_of_what_they_change() {
    let edit = MessageContent::Text(TextContent { text: "novo".into(), edits: Some(wire("3EB0OLD")), ..TextContent::default() });
    let told = body(&facts(&edit));
    assert_eq!(
        (&told["messageId"], &told["isEdit"], &told["text"]["message"]),
        (&json!("3EB0OLD"), &json!(true), &json!("novo"))
    );
    let told = body(&facts(&RevokeContent { target: wire("3EB0OLD") }.into()));
    assert_eq!((&told["messageId"], &told["notification"]), (&json!("3EB0OLD"), &json!("REVOKE")));
    assert!(told.get("text").is_none());
}

#[test]
fn a_group_has_a_name_and_its_writer_a_number() {
    let content = MessageContent::text("oi");
    let group = ReceivedFacts {
        phone: "120363025486970112-group",
        is_group: true,
        chat_name: Some("Equipe"),
        participant: Some("5562977776666"),
        reply_to: Some("3EB0AA"),
        forwarded: true,
        ..facts(&content)
    };
    let told = body(&group);
    for (key, value) in [
        ("phone", json!("120363025486970112-group")),
        ("isGroup", json!(true)),
        ("chatName", json!("Equipe")),
        ("participantPhone", json!("5562977776666")),
        ("referenceMessageId", json!("3EB0AA")),
        ("forwarded", json!(true)),
    ] {
        assert_eq!(told[key], value, "{key}");
    }
}
