//! The list from and to files. A file that comes is bounded in bytes and lines; one that goes is written piece by piece.

use axum::body::Body;
use axum::response::Response;
use futures::stream::try_unfold;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use recado_accounts::Permission;
use recado_kernel::{AccountId, Timestamp};
use recado_messaging::{Messaging, MessagingError};
use uuid::Uuid;

use super::list::{Outcome, after, source};
use crate::web::failure::Failure;
use crate::web::posted::{Nothing, Posted};
use crate::web::upload::Uploaded;
use crate::web::visit::Member;
use crate::words::Words;

/// Contacts of one piece.
const PIECE: i64 = 1_000;

/// Takes a file in.
///
/// # Errors
/// Not allowed, a form that is not ours, or the database.
pub async fn import(member: Member, Uploaded { file, .. }: Uploaded) -> Result<Response, Failure> {
    let account = member.require(Permission::ManageInstances)?;
    take(&member, account, &file.map(|file| file.bytes).unwrap_or_default()).await
}

async fn take(member: &Member, account: AccountId, file: &[u8]) -> Result<Response, Failure> {
    let messaging = &member.panel.messaging;
    if file.is_empty() {
        let outcome = Outcome { file_error: Some("error.file_empty"), ..Outcome::default() };
        return after(member, account, &outcome).await;
    }
    match messaging.import_opt_outs(member.meta(account), file).await {
        Ok(imported) => {
            messaging.opt_out_visible(imported.position).await;
            after(member, account, &Outcome { imported: Some(imported), ..Outcome::default() }).await
        }
        Err(MessagingError::ListFile(error)) => {
            let key = match error {
                recado_messaging::InvalidFile::TooLarge => "error.file_too_large",
                recado_messaging::InvalidFile::TooManyRows => "error.file_too_many_rows",
                recado_messaging::InvalidFile::NoText => "error.file_no_text",
            };
            after(member, account, &Outcome { file_error: Some(key), ..Outcome::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Where the file stands.
struct Written {
    messaging: Messaging,
    account: AccountId,
    words: Words,
    after: Option<(Timestamp, Uuid)>,
    begun: bool,
}

impl Written {
    /// The next piece; `None` behind the last contact.
    async fn next(mut self) -> Result<Option<(String, Self)>, MessagingError> {
        if !self.begun {
            self.begun = true;
            return Ok(Some((Messaging::opt_out_file_heading(), self)));
        }
        let piece = self.messaging.opt_outs_after(self.account, self.after, PIECE).await?;
        let Some(last) = piece.last() else { return Ok(None) };
        self.after = Some((last.recorded_at, last.id));
        let lines = piece.iter().filter_map(|contact| Messaging::opt_out_file_line(contact, &source(self.words, contact)));
        Ok(Some((lines.collect(), self)))
    }
}

/// Gives the list out as a file for spreadsheets.
///
/// # Errors
/// Not allowed.
pub async fn export(member: Member, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    let account = member.require(Permission::ManageInstances)?;
    let messaging = member.panel.messaging.clone();
    let begin = Written { messaging, account, words: member.words(), after: None, begun: false };
    let name = member.panel.platform.now().format("descadastro-%Y%m%d.csv");
    Response::builder()
        .header(CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .body(Body::from_stream(try_unfold(begin, Written::next)))
        .map_err(|error| Failure::Defect(error.to_string()))
}
