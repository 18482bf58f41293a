//! How mails leave, as the configuration says it.

use std::path::PathBuf;
use std::sync::Arc;

use recado_kernel::Secret;

use super::{FolderMailer, MailError, Mailer, SmtpMailer};

/// Settings for mail.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// `smtps://user:password@host:465`, `smtp://user:password@host:587?tls=required`, or `smtp://localhost:1025` without encryption.
    /// `None`: mails are put into [`Self::data_folder`]`/mail`.
    pub smtp_url: Option<Secret<String>>,
    /// The sender, e.g. `Recado <nao-responda@exemplo.com.br>`.
    pub from: String,
    /// The installation's data folder.
    pub data_folder: PathBuf,
}

impl MailSettings {
    /// The mailer these settings ask for.
    ///
    /// # Errors
    /// [`MailError::Permanent`] when the URL or the sender cannot be understood: say so at start-up.
    pub fn mailer(&self) -> Result<Arc<dyn Mailer>, MailError> {
        Ok(match &self.smtp_url {
            Some(url) => Arc::new(SmtpMailer::new(url, &self.from)?),
            None => Arc::new(FolderMailer::new(&self.data_folder, &self.from)?),
        })
    }

    /// The folder behind [`Self::mailer`], for the development page that shows it; `None` when mails leave by SMTP.
    ///
    /// # Errors
    /// As [`Self::mailer`].
    pub fn folder(&self) -> Result<Option<FolderMailer>, MailError> {
        match self.smtp_url {
            Some(_) => Ok(None),
            None => FolderMailer::new(&self.data_folder, &self.from).map(Some),
        }
    }
}
