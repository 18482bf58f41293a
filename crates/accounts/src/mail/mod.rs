//! Mails: what they say, how they leave, and the durable work between.
//!
//! A mail is written when the command that causes it is decided, sealed as vault content (it holds a token and an address), stored in
//! the same commit as the events, sent by a handler with retries, and its content destroyed afterwards. At least once: a repeat after
//! a crash carries the same Message-ID.

mod folder;
mod handler;
mod message;
mod settings;
mod smtp;
pub(crate) mod templates;

pub use folder::{FolderMailer, StoredMail};
pub use handler::SendMail;
pub use message::{Mail, MailError, Mailer};
pub use settings::MailSettings;
pub use smtp::SmtpMailer;

pub(crate) use handler::outgoing;
