//! The opt-out list from and to files.

use futures::StreamExt as _;
use recado_kernel::{CommandId, CommandMeta};

use crate::domain::guards::{BadRow, csv_line, read_list};
use crate::domain::opt_out::Source;
use crate::projections::opt_outs::OptOutView;
use crate::{Messaging, MessagingError};

/// How many contacts are stored at once.
const AT_ONCE: usize = 32;

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedList {
    /// Contacts that are on the list now and were not before.
    pub added: u64,
    /// Contacts that were on it already.
    pub known: u64,
    /// Lines that name nobody: the first hundred.
    pub bad: Vec<BadRow>,
    /// How many there are.
    pub bad_count: u64,
    /// Where the last of it stands, for [`Messaging::opt_out_visible`].
    pub position: recado_event_store::Position,
}

impl Messaging {
    /// Puts every contact of a file on the list. The same file again (with the same command id, after a crash, or with another one) adds
    /// nobody twice.
    ///
    /// # Errors
    /// A file that cannot be read at all ([`MessagingError::ListFile`]), or the database: what was stored by then stays.
    pub async fn import_opt_outs(&self, meta: CommandMeta, file: &[u8]) -> Result<ImportedList, MessagingError> {
        let read = read_list(file)?;
        let mut done = ImportedList { bad: read.bad, bad_count: read.bad_count, ..ImportedList::default() };
        let mut stored = futures::stream::iter(read.rows)
            .map(|row| {
                // Never the number itself: command ids are stored in clear.
                let digest = super::chat_digest(&self.platform, meta.account_id, &row.contact);
                let command_id = CommandId::derive(meta.command_id.as_uuid(), &format!("row/{digest}"));
                let meta = CommandMeta { command_id, causation_id: Some(meta.command_id.as_uuid()), ..meta.clone() };
                async move { self.opt_out_for(meta, &row.contact, Source::File, row.reason.as_deref()).await }
            })
            .buffer_unordered(AT_ONCE);
        while let Some(recorded) = stored.next().await {
            let recorded = recorded?;
            done.position = done.position.max(recorded.position);
            match recorded.changed {
                true => done.added += 1,
                false => done.known += 1,
            }
        }
        Ok(done)
    }

    /// The heading of our own file.
    #[must_use]
    pub fn opt_out_file_heading() -> String {
        // The mark tells spreadsheets that the file is UTF-8.
        format!("\u{feff}{}", csv_line(&["telefone", "motivo", "desde", "origem", "palavra", "instancia", "mensagem"]))
    }

    /// One contact as a line of our own file; `reason` is the language's word for how it came on the list.
    #[must_use]
    pub fn opt_out_file_line(view: &OptOutView, reason: &str) -> Option<String> {
        let contact = view.contact.as_ref()?;
        let since = view.recorded_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let instance = view.instance.map(|instance| instance.public()).unwrap_or_default();
        let (word, wire_id) = (view.word.as_deref().unwrap_or_default(), view.wire_id.as_deref().unwrap_or_default());
        Some(csv_line(&[contact.as_str(), reason, &since, view.source.as_str(), word, &instance, wire_id]))
    }
}
