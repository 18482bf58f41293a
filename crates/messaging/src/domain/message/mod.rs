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
pub use content::{InvalidText, MAX_TEXT_BYTES, MessageContent, MessageKind, check_text};
pub use error::MessageError;
pub use event::MessageEvent;
pub use state::Message;
pub use status::MessageStatus;
