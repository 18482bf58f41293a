//! The durable work "mail".

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{Alongside, ClaimedWork, NewWork, Outcome, Platform, StoreError, Vault, WorkHandler};
use recado_kernel::AccountId;
use serde_json::json;

use super::{Mail, MailError, Mailer};

const TOPIC: &str = "mail";
/// Whoever waits longer for a link asks for another.
const KEEPS_TRYING: Duration = Duration::hours(48);

/// What must be stored with a command so that `mail` leaves: its sealed content and the work that sends it.
pub(crate) fn outgoing(vault: &Vault, account: AccountId, mail: &Mail) -> Result<Alongside, StoreError> {
    let bytes = serde_json::to_vec(mail).map_err(|error| StoreError::Unreadable(format!("a mail: {error}")))?;
    let content = vault.seal_content(account, mail.id, &bytes, Some(mail.at + KEEPS_TRYING))?;
    let work = NewWork {
        id: mail.id,
        topic: TOPIC.to_owned(),
        lane: mail.id.to_string(),
        account_id: account,
        subject: mail.id.to_string(),
        payload: json!({}),
        due_at: mail.at,
        cause: None,
    };
    Ok(Alongside { work: vec![work], content: vec![content], ..Alongside::default() })
}

/// Sends mails, destroys their content afterwards.
pub struct SendMail {
    platform: Platform,
    mailer: Arc<dyn Mailer>,
}

impl SendMail {
    /// Sends through `mailer`.
    #[must_use]
    pub fn new(platform: Platform, mailer: Arc<dyn Mailer>) -> Self {
        Self { platform, mailer }
    }

    async fn send(&self, work: &ClaimedWork) -> Result<(), MailError> {
        let temporary = |error: StoreError| MailError::Temporary(error.to_string());
        let Some(content) = self.platform.vault.open_content(work.account_id, work.id).await.map_err(temporary)? else {
            // Sent before a crash, or too old.
            return Ok(());
        };
        let mail: Mail = serde_json::from_slice(&content).map_err(|error| MailError::Permanent(error.to_string()))?;
        self.mailer.send(mail).await
    }

    async fn erase(&self, work: &ClaimedWork) -> Result<(), StoreError> {
        let mut db = self.platform.pool().acquire().await?;
        Vault::erase_contents(&mut db, &[work.id]).await
    }
}

/// Mail servers repeat the address they refuse; it must stand neither in a log nor beside the work.
fn without_addresses(error: MailError) -> MailError {
    let tidy = |text: String| {
        let words = text.split_whitespace().map(|word| if word.contains('@') { "(address)" } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    match error {
        MailError::Temporary(text) => MailError::Temporary(tidy(text)),
        MailError::Permanent(text) => MailError::Permanent(tidy(text)),
    }
}

#[async_trait]
impl WorkHandler for SendMail {
    fn topic(&self) -> &'static str {
        TOPIC
    }

    fn concurrency(&self) -> usize {
        4
    }

    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let now = self.platform.now();
        let outcome = match self.send(work).await.map_err(without_addresses) {
            Ok(()) => Outcome::done(),
            Err(MailError::Permanent(error)) => Outcome::Dead { error },
            Err(MailError::Temporary(error)) if work.attempts > 30 => Outcome::Dead { error },
            Err(MailError::Temporary(error)) => {
                tracing::warn!(mail = %work.id, attempts = work.attempts, error, "mail waits");
                let at = back_off(now, work.attempts, Duration::seconds(5), Duration::hours(1));
                return Outcome::Retry { at, error };
            }
        };
        if let Err(error) = self.erase(work).await {
            // It expires by itself.
            tracing::warn!(mail = %work.id, %error, "the content of a mail could not be erased");
        }
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_a_mail_server_repeats_is_left_out() {
        let error = MailError::Permanent("permanent error (550): 5.1.1 <ana@example.com>: mailbox unknown".to_owned());
        assert_eq!(without_addresses(error).to_string().matches("ana").count(), 0);
    }
}
