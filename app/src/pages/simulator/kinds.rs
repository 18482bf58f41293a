//! Names and signs of the kinds of messages, and what is read of a message in one line.

use recado_engine_sim::ChatView;
use recado_messaging::{MessageContent, MessageKind};

use crate::view::icons::Icon;
use crate::words::Words;

/// The name of a kind, e.g. "Foto".
pub fn name(words: Words, kind: MessageKind) -> &'static str {
    words.find(&format!("simulator.kind.{}", kind.as_str())).unwrap_or(kind.as_str())
}

/// Its sign; texts have none.
pub const fn sign(kind: MessageKind) -> Option<Icon> {
    Some(match kind {
        MessageKind::Image => Icon::Picture,
        MessageKind::Audio => Icon::Microphone,
        MessageKind::Video | MessageKind::Gif | MessageKind::Ptv => Icon::Film,
        MessageKind::Document => Icon::Sheet,
        MessageKind::Sticker | MessageKind::Reaction => Icon::Smile,
        MessageKind::Location => Icon::Pin,
        MessageKind::Contact | MessageKind::Contacts => Icon::Person,
        MessageKind::Poll | MessageKind::PollVote => Icon::Poll,
        MessageKind::ButtonList | MessageKind::ButtonActions | MessageKind::ButtonPix | MessageKind::ButtonOtp => Icon::Button,
        MessageKind::OptionList => Icon::Queue,
        _ => return None,
    })
}

/// A message in one line.
pub fn line(words: Words, content: &MessageContent) -> String {
    let said = match content {
        MessageContent::Document(document) if document.caption.is_empty() => document.file_name.as_deref().unwrap_or_default(),
        MessageContent::Location(place) => &place.name,
        MessageContent::Contact(card) => &card.name,
        MessageContent::ListResponse(answer) => &answer.title,
        other => other.as_text(),
    };
    if said.trim().is_empty() { name(words, content.kind()).to_owned() } else { said.to_owned() }
}

/// The newest message of a chat in one line.
pub fn newest(words: Words, chat: &ChatView) -> String {
    match (chat.last_revoked, chat.last_text.trim().is_empty()) {
        (true, _) => words.t("simulator.deleted").to_owned(),
        (false, true) => name(words, chat.last_kind).to_owned(),
        (false, false) => chat.last_text.clone(),
    }
}
