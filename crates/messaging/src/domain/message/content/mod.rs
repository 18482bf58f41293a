//! What a message says. Serialised as JSON into the vault, never into an event; `Debug` shows sizes only.

mod check;
mod coordinate;
mod files;
mod interactive;
mod kind;
mod media;
mod plain;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests;
mod vcard;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use check::{InvalidContent, InvalidText, MAX_TEXT_BYTES, check_text};
pub use coordinate::{Coordinate, InvalidCoordinate};
pub use files::{AudioContent, DocumentContent, GifContent, ImageContent, PtvContent, StickerContent, VideoContent};
pub use interactive::{
    ActionButton, ButtonAction, ButtonActionsContent, ButtonListContent, ButtonOtpContent, ButtonPixContent,
    ButtonResponseContent, ListOption, ListResponseContent, OptionListContent, PixKeyType, PollContent, PollVoteContent,
    ReplyButton,
};
pub use kind::MessageKind;
pub use media::{Media, MediaId, MediaRef, MediaUse};
pub use plain::{
    ContactCard, ContactsContent, ForwardContent, GroupMention, LinkContent, LinkSize, LocationContent, ReactionContent,
    RevokeContent, TextContent,
};

macro_rules! contents {
    ($($name:ident($content:ty) $wire:literal),+ $(,)?) => {
        /// The content by kind.
        #[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind")]
        pub enum MessageContent {
            $(#[doc = concat!("See [`MessageKind::", stringify!($name), "`].")] #[serde(rename = $wire)] $name($content),)+
        }

        impl MessageContent {
            /// Its kind.
            #[must_use]
            pub const fn kind(&self) -> MessageKind {
                match self { $(Self::$name(_) => MessageKind::$name,)+ }
            }
        }

        $(impl From<$content> for MessageContent {
            fn from(content: $content) -> Self {
                Self::$name(content)
            }
        })+
    };
}

contents! {
    Text(TextContent) "text",
    Image(ImageContent) "image",
    Audio(AudioContent) "audio",
    Video(VideoContent) "video",
    Gif(GifContent) "gif",
    Ptv(PtvContent) "ptv",
    Document(DocumentContent) "document",
    Sticker(StickerContent) "sticker",
    Link(LinkContent) "link",
    Location(LocationContent) "location",
    Contact(ContactCard) "contact",
    Contacts(ContactsContent) "contacts",
    Reaction(ReactionContent) "reaction",
    ButtonList(ButtonListContent) "button_list",
    OptionList(OptionListContent) "option_list",
    ButtonActions(ButtonActionsContent) "button_actions",
    ButtonPix(ButtonPixContent) "button_pix",
    ButtonOtp(ButtonOtpContent) "button_otp",
    Poll(PollContent) "poll",
    PollVote(PollVoteContent) "poll_vote",
    ButtonResponse(ButtonResponseContent) "button_response",
    ListResponse(ListResponseContent) "list_response",
    Forward(ForwardContent) "forward",
    Revoke(RevokeContent) "revoke",
}

impl MessageContent {
    /// A text message.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(TextContent { text: text.to_owned(), ..TextContent::default() })
    }

    /// What the queue shows: the text or caption; empty where there is none.
    #[must_use]
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text(content) => &content.text,
            Self::Image(content) => &content.caption,
            Self::Video(content) => &content.caption,
            Self::Gif(content) => &content.caption,
            Self::Document(content) => &content.caption,
            Self::Link(content) => &content.text,
            Self::ButtonList(content) => &content.text,
            Self::OptionList(content) => &content.text,
            Self::ButtonActions(content) => &content.text,
            Self::ButtonOtp(content) => &content.text,
            Self::Poll(content) => &content.question,
            Self::ButtonResponse(content) => &content.text,
            Self::ListResponse(content) => &content.text,
            Self::Reaction(content) => &content.emoji,
            Self::Audio(_)
            | Self::Ptv(_)
            | Self::Sticker(_)
            | Self::Location(_)
            | Self::Contact(_)
            | Self::Contacts(_)
            | Self::ButtonPix(_)
            | Self::PollVote(_)
            | Self::Forward(_)
            | Self::Revoke(_) => "",
        }
    }

    /// Its files and what each is used for, in an order that never changes.
    #[must_use]
    pub fn media(&self) -> Vec<(MediaUse, &Media)> {
        let all: [Option<(MediaUse, &Media)>; 2] = match self {
            Self::Image(content) => [Some((MediaUse::Image, &content.media)), None],
            Self::Audio(content) => [Some((MediaUse::Audio, &content.media)), None],
            Self::Video(content) => [Some((MediaUse::Video, &content.media)), None],
            Self::Gif(content) => [Some((MediaUse::Video, &content.media)), None],
            Self::Ptv(content) => [Some((MediaUse::Video, &content.media)), None],
            Self::Document(content) => [Some((MediaUse::Document, &content.media)), None],
            Self::Sticker(content) => [Some((MediaUse::Sticker, &content.media)), None],
            Self::Link(content) => [content.image.as_ref().map(|media| (MediaUse::Image, media)), None],
            Self::ButtonOtp(content) => [content.image.as_ref().map(|media| (MediaUse::Image, media)), None],
            Self::ButtonList(content) => [
                content.image.as_ref().map(|media| (MediaUse::Image, media)),
                content.video.as_ref().map(|media| (MediaUse::Video, media)),
            ],
            _ => [None, None],
        };
        all.into_iter().flatten().collect()
    }

    /// The same, to be replaced.
    pub fn media_mut(&mut self) -> Vec<&mut Media> {
        let all: [Option<&mut Media>; 2] = match self {
            Self::Image(content) => [Some(&mut content.media), None],
            Self::Audio(content) => [Some(&mut content.media), None],
            Self::Video(content) => [Some(&mut content.media), None],
            Self::Gif(content) => [Some(&mut content.media), None],
            Self::Ptv(content) => [Some(&mut content.media), None],
            Self::Document(content) => [Some(&mut content.media), None],
            Self::Sticker(content) => [Some(&mut content.media), None],
            Self::Link(content) => [content.image.as_mut(), None],
            Self::ButtonOtp(content) => [content.image.as_mut(), None],
            Self::ButtonList(content) => [content.image.as_mut(), content.video.as_mut()],
            _ => [None, None],
        };
        all.into_iter().flatten().collect()
    }

    /// The extension its file should have, where the client names one.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        if let Self::Document(content) = self { Some(&content.extension) } else { None }
    }

    /// The name of its file, where the client names one.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        if let Self::Document(content) = self { content.file_name.as_deref() } else { None }
    }

    /// Does it replace another message (an edit)?
    #[must_use]
    pub const fn edits(&self) -> Option<&recado_kernel::WireId> {
        match self {
            Self::Text(content) => content.edits.as_ref(),
            Self::Document(content) => content.edits.as_ref(),
            _ => None,
        }
    }

    /// Bytes of its texts and of its files, as far as they are here.
    #[must_use]
    pub fn size(&self) -> u64 {
        let texts = self.texts().iter().map(|text| text.len() as u64).sum::<u64>();
        let files = self.media().iter().filter_map(|(_, media)| media.stored()).map(|file| file.size).sum::<u64>();
        texts + files
    }
}

impl fmt::Debug for MessageContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageContent({}, {} bytes)", self.kind().as_str(), self.size())
    }
}

macro_rules! silent_debug {
    ($($name:ident)+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })+
    };
}

silent_debug! {
    Media MediaRef TextContent GroupMention LinkContent LocationContent ContactCard ContactsContent ReactionContent ForwardContent
    RevokeContent ImageContent AudioContent VideoContent GifContent PtvContent DocumentContent StickerContent ReplyButton
    ButtonListContent ListOption OptionListContent ButtonAction ActionButton ButtonActionsContent ButtonPixContent ButtonOtpContent
    PollContent PollVoteContent ButtonResponseContent ListResponseContent
}
