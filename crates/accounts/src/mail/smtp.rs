//! Mails over SMTP.

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use recado_kernel::Secret;

use super::{Mail, MailError, Mailer};

/// Sends through a mail server; connections are pooled.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// The longest wait for one answer of the server; a mail's lease is longer.
const TIMEOUT: std::time::Duration = std::time::Duration::from_secs(15);

impl SmtpMailer {
    /// For the forms of `url` see [`super::MailSettings::smtp_url`]. Opens no connection yet.
    ///
    /// # Errors
    /// [`MailError::Permanent`]: the URL or the sender cannot be understood.
    pub fn new(url: &Secret<String>, from: &str) -> Result<Self, MailError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|error| MailError::Permanent(format!("the SMTP address cannot be used: {error}")))?
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Self { transport, from: sender(from)? })
    }
}

pub(super) fn sender(from: &str) -> Result<Mailbox, MailError> {
    from.parse().map_err(|error| MailError::Permanent(format!("the sender's address cannot be used: {error}")))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        let message = mail.to_message(&self.from)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Permanent(error.to_string())),
            Err(error) => Err(MailError::Temporary(error.to_string())),
        }
    }
}
