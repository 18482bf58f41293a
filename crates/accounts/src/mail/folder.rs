//! Mails into a folder, for installations without SMTP: `<data>/mail/<time>-<id>.eml` and the same as `.json`.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use lettre::message::Mailbox;
use uuid::Uuid;

use super::smtp::sender;
use super::{Mail, MailError, Mailer};

/// Writes mails down. In development the page `/dev/mail` shows them.
#[derive(Debug, Clone)]
pub struct FolderMailer {
    folder: PathBuf,
    from: Mailbox,
}

/// A mail in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMail {
    /// The mail.
    pub mail: Mail,
    /// The `.eml` file, to be opened with a mail program.
    pub file: PathBuf,
}

impl FolderMailer {
    /// Mails go to `<data_folder>/mail`, which is made when the first one comes.
    ///
    /// # Errors
    /// [`MailError::Permanent`]: the sender cannot be understood.
    pub fn new(data_folder: &Path, from: &str) -> Result<Self, MailError> {
        Ok(Self { folder: data_folder.join("mail"), from: sender(from)? })
    }

    /// The newest mails, newest first.
    ///
    /// # Errors
    /// The folder cannot be read. A missing folder is an empty one; a file that is no mail of ours is left out.
    pub async fn list(&self, limit: usize) -> io::Result<Vec<StoredMail>> {
        let mut names = self.names().await?;
        names.sort_unstable_by(|a, b| b.cmp(a));
        let mut mails = vec![];
        for name in names.into_iter().take(limit) {
            mails.extend(self.open(&name).await?);
        }
        Ok(mails)
    }

    /// One mail by id.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn read(&self, id: Uuid) -> io::Result<Option<StoredMail>> {
        let ending = format!("-{}.json", id.simple());
        match self.names().await?.into_iter().find(|name| name.ends_with(&ending)) {
            Some(name) => self.open(&name).await,
            None => Ok(None),
        }
    }

    async fn names(&self) -> io::Result<Vec<String>> {
        let mut entries = match tokio::fs::read_dir(&self.folder).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
            other => other?,
        };
        let mut names = vec![];
        while let Some(entry) = entries.next_entry().await? {
            names.extend(entry.file_name().into_string().ok().filter(|name| name.ends_with(".json")));
        }
        Ok(names)
    }

    async fn open(&self, name: &str) -> io::Result<Option<StoredMail>> {
        let file = self.folder.join(name);
        let bytes = tokio::fs::read(&file).await?;
        Ok(serde_json::from_slice(&bytes).ok().map(|mail| StoredMail { mail, file: file.with_extension("eml") }))
    }

    async fn store(&self, mail: &Mail) -> io::Result<()> {
        let stem = format!("{}-{}", mail.at.format("%Y%m%dT%H%M%S%.3fZ"), mail.id.simple());
        let message = mail.to_message(&self.from).map_err(io::Error::other)?.formatted();
        let json = serde_json::to_vec_pretty(mail)?;
        tokio::fs::create_dir_all(&self.folder).await?;
        tokio::fs::write(self.folder.join(format!("{stem}.eml")), message).await?;
        // Under another name first: whoever lists the folder never meets half a mail.
        let unfinished = self.folder.join(format!("{stem}.part"));
        tokio::fs::write(&unfinished, json).await?;
        tokio::fs::rename(unfinished, self.folder.join(format!("{stem}.json"))).await
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.store(&mail).await.map_err(|error| MailError::Temporary(format!("{}: {error}", self.folder.display())))
    }
}
