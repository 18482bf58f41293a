//! One mail and the port it leaves through.

use async_trait::async_trait;
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use recado_kernel::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A mail ready to leave.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Also the Message-ID, so that a repeated sending is recognised.
    pub id: Uuid,
    /// When it was written.
    pub at: Timestamp,
    /// Address of the receiver.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as simple HTML.
    pub html: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a mail did not leave. The texts never hold the content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Try again later.
    #[error("mail could not be sent now: {0}")]
    Temporary(String),
    /// Trying again cannot help.
    #[error("mail was refused: {0}")]
    Permanent(String),
}

/// Sends mails.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands `mail` over. May be called twice for the same mail.
    ///
    /// # Errors
    /// See [`MailError`].
    async fn send(&self, mail: Mail) -> Result<(), MailError>;
}

impl Mail {
    /// As an Internet message from `from`.
    pub(super) fn to_message(&self, from: &Mailbox) -> Result<Message, MailError> {
        let refused = |error: &dyn std::fmt::Display| MailError::Permanent(error.to_string());
        let to: Address = self.to.parse().map_err(|error: lettre::address::AddressError| refused(&error))?;
        Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(self.subject.clone())
            .date(self.at.into())
            .message_id(Some(format!("<{}@{}>", self.id.simple(), from.email.domain())))
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))
            .map_err(|error| refused(&error))
    }
}
