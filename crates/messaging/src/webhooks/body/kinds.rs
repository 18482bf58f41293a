//! `ReceivedCallback` by kind (plugzapi-api.md 3.4): exactly one key tells what it is, the others are absent, never `null` (3.2, rule 2).
//! Kinds the reference names no key for (several contacts, option lists and code buttons of our own) have one of ours.

use recado_kernel::Timestamp;
use serde_json::{Map, Value, json};

use super::ReceivedFacts;
use crate::domain::message::{ButtonAction, ButtonActionsContent, ContactCard, Media, MediaRef, MessageContent};

/// Files as addresses.
struct Links<'a>(&'a dyn Fn(&MediaRef) -> String);

impl Links<'_> {
    /// A file that is not in the store has no address.
    fn url(&self, media: &Media) -> Option<String> {
        media.stored().map(self.0)
    }

    fn optional(&self, media: Option<&Media>) -> Option<String> {
        media.and_then(|media| self.url(media))
    }
}

/// The key with what it says, and what belongs to it at the top level.
pub(super) fn of(facts: &ReceivedFacts<'_>, link: &dyn Fn(&MediaRef) -> String, at: Timestamp) -> Map<String, Value> {
    let links = Links(link);
    let mut kind = Map::new();
    let (key, said) = match facts.content {
        MessageContent::Text(content) => ("text", json!({ "message": content.text })),
        MessageContent::Link(content) => {
            let thumbnail = links.optional(content.image.as_ref());
            let mut text = json!({ "message": content.text, "title": content.title, "description": content.description,
                "url": content.url });
            if let Some(thumbnail) = thumbnail {
                text["thumbnailUrl"] = thumbnail.into();
            }
            ("text", text)
        }
        MessageContent::Image(content) => {
            let (url, file) = (links.url(&content.media), content.media.stored());
            let said = json!({ "mimeType": mime(&content.media), "imageUrl": url, "thumbnailUrl": url, "caption": content.caption,
                "width": file.and_then(|file| file.width), "height": file.and_then(|file| file.height),
                "viewOnce": content.view_once, "downloadError": null });
            ("image", said)
        }
        MessageContent::Audio(content) => {
            let said = json!({ "audioUrl": links.url(&content.media), "mimeType": mime(&content.media), "ptt": content.ptt,
                "seconds": seconds(&content.media), "viewOnce": content.view_once });
            ("audio", said)
        }
        MessageContent::Video(content) => ("video", video(&links, &content.media, &content.caption, content.view_once)),
        MessageContent::Gif(content) => ("video", video(&links, &content.media, &content.caption, false)),
        MessageContent::Ptv(content) => ("video", video(&links, &content.media, "", false)),
        MessageContent::Document(content) => {
            let given = content.media.stored().and_then(|file| file.file_name.as_deref());
            let name = file_name(content.file_name.as_deref().or(given), &content.extension);
            let said = json!({ "documentUrl": links.url(&content.media), "mimeType": mime(&content.media), "title": name,
                "fileName": name, "pageCount": content.page_count.unwrap_or(0), "thumbnailUrl": null, "caption": content.caption });
            ("document", said)
        }
        MessageContent::Sticker(content) => {
            ("sticker", json!({ "stickerUrl": links.url(&content.media), "mimeType": mime(&content.media) }))
        }
        MessageContent::Contact(card) => ("contact", contact(card)),
        MessageContent::Contacts(content) => ("contacts", content.contacts.iter().map(contact).collect()),
        MessageContent::Location(content) => {
            let said = json!({ "longitude": content.longitude.degrees(), "latitude": content.latitude.degrees(),
                "address": content.address, "url": content.url, "name": content.name, "thumbnailUrl": null });
            ("location", said)
        }
        MessageContent::Reaction(content) => {
            let participant = content.target_author.as_ref().map(recado_kernel::PhoneNumber::as_str);
            let said = json!({ "value": content.emoji, "time": at.timestamp_millis(), "reactionBy": facts.author(),
                "referencedMessage": { "messageId": content.target, "fromMe": content.target_from_me, "phone": facts.phone,
                    "participant": participant } });
            ("reaction", said)
        }
        MessageContent::ButtonList(content) => {
            let buttons = content
                .buttons
                .iter()
                .map(|button| json!({ "buttonId": button.id, "type": 1, "buttonText": { "displayText": button.label } }));
            let said = json!({ "imageUrl": links.optional(content.image.as_ref()), "videoUrl": links.optional(content.video.as_ref()),
                "message": content.text, "buttons": buttons.collect::<Vec<_>>() });
            ("buttonsMessage", said)
        }
        MessageContent::OptionList(content) => {
            let options = content
                .options
                .iter()
                .map(|option| json!({ "rowId": option.id, "title": option.title, "description": option.description }));
            let said = json!({ "message": content.text, "title": content.title, "buttonLabel": content.button_label,
                "options": options.collect::<Vec<_>>() });
            ("listMessage", said)
        }
        MessageContent::ButtonActions(content) => ("hydratedTemplate", template(content)),
        MessageContent::ButtonPix(content) => {
            let said = json!({ "currency": "BRL", "referenceId": facts.wire_id, "key": content.key,
                "keyType": content.key_type.as_str(), "merchantName": content.merchant_name });
            ("pixKeyMessage", said)
        }
        MessageContent::ButtonOtp(content) => {
            let header = links.optional(content.image.as_ref()).map(|url| json!({ "image": { "imageUrl": url } }));
            let mut said = json!({ "message": content.text, "footer": "", "title": "", "templateId": "", "hydratedButtons":
                [{ "index": 0, "copyCodeButton": { "displayText": content.button_text, "code": content.code } }] });
            if let Some(header) = header {
                said["header"] = header;
            }
            ("hydratedTemplate", said)
        }
        MessageContent::Poll(content) => {
            let said = json!({ "question": content.question, "pollMaxOptions": content.max_options,
                "options": names(&content.options) });
            ("poll", said)
        }
        MessageContent::PollVote(content) => {
            ("pollVote", json!({ "pollMessageId": content.poll, "options": names(&content.options) }))
        }
        MessageContent::ButtonResponse(content) => {
            ("buttonsResponseMessage", json!({ "buttonId": content.button_id, "message": content.text }))
        }
        MessageContent::ListResponse(content) => {
            let said = json!({ "message": content.text, "title": content.title, "selectedRowId": content.row_id });
            ("listResponseMessage", said)
        }
        MessageContent::Revoke(content) => {
            kind.insert("notificationParameters".to_owned(), json!([content.target]));
            ("notification", json!("REVOKE"))
        }
        // What was passed on is WhatsApp's to know: `forwarded` says so.
        MessageContent::Forward(_) => return kind,
    };
    kind.insert(key.to_owned(), said);
    kind
}

fn mime(media: &Media) -> &str {
    media.stored().map_or("", |file| file.mime_type.as_str())
}

fn seconds(media: &Media) -> u32 {
    media.stored().and_then(|file| file.seconds).unwrap_or(0)
}

fn video(links: &Links<'_>, media: &Media, caption: &str, view_once: bool) -> Value {
    let file = media.stored();
    json!({ "videoUrl": links.url(media), "caption": caption, "mimeType": mime(media), "seconds": seconds(media),
        "viewOnce": view_once, "width": file.and_then(|file| file.width), "height": file.and_then(|file| file.height) })
}

/// With its extension, once.
fn file_name(name: Option<&str>, extension: &str) -> String {
    let name = name.unwrap_or("documento");
    let has_one = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case(extension));
    if has_one || extension.is_empty() { name.to_owned() } else { format!("{name}.{extension}") }
}

fn contact(card: &ContactCard) -> Value {
    json!({ "displayName": card.name, "vCard": card.to_vcard(), "phones": card.phones })
}

fn names(options: &[String]) -> Vec<Value> {
    options.iter().map(|name| json!({ "name": name })).collect()
}

fn template(content: &ButtonActionsContent) -> Value {
    let buttons = content.buttons.iter().enumerate().map(|(index, button)| match &button.action {
        ButtonAction::Call { phone } => {
            json!({ "index": index, "callButton": { "displayText": button.label, "phoneNumber": phone } })
        }
        ButtonAction::Url { url } => json!({ "index": index, "urlButton": { "displayText": button.label, "url": url } }),
        ButtonAction::Reply {} => {
            json!({ "index": index, "quickReplyButton": { "displayText": button.label, "id": button.id } })
        }
    });
    json!({ "message": content.text, "footer": content.footer, "title": content.title, "templateId": "",
        "hydratedButtons": buttons.collect::<Vec<_>>() })
}
