//! One message, sent through us or received.
//!
//! Protects: the status only moves forward, whatever order receipts come in; only a waiting message can be cancelled; what is over
//! (refused, cancelled) is not sent again. The text is never in an event: it lies in the vault under the message's id.

mod command;
mod content;
mod error;
mod event;
mod state;
mod status;
#[cfg(test)]
mod tests;

pub use command::{MessageAction, MessageCommand, Receipt};
pub use content::{
    ActionButton, AudioContent, ButtonAction, ButtonActionsContent, ButtonListContent, ButtonOtpContent, ButtonPixContent,
    ButtonResponseContent, ContactCard, ContactsContent, Coordinate, DocumentContent, ForwardContent, GifContent, GroupMention,
    ImageContent, InvalidContent, InvalidCoordinate, InvalidText, LinkContent, LinkSize, ListOption, ListResponseContent,
    LocationContent, MAX_TEXT_BYTES, Media, MediaId, MediaRef, MediaUse, MessageContent, MessageKind, OptionListContent,
    PixKeyType, PollContent, PollVoteContent, PtvContent, ReactionContent, ReplyButton, RevokeContent, StickerContent,
    TextContent, VideoContent, check_text,
};
pub use error::MessageError;
pub use event::MessageEvent;
pub use state::Message;
pub use status::MessageStatus;
