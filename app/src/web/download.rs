//! An account's history as a file, streamed: the server never holds it whole.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::Body;
use axum::response::Response;
use futures::stream::try_unfold;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use recado_event_store::audit::{AuditKeys, ExportError, Exporter, Format, Period};
use recado_kernel::AccountId;

use super::failure::Failure;
use super::state::Panel;

/// Exports of this process at a time.
const MOST: usize = 8;

/// Accounts whose history is leaving just now: one file each, so nobody keeps the database busy with the same rows.
static LEAVING: LazyLock<Mutex<HashSet<AccountId>>> = LazyLock::new(Mutex::default);

/// Given back when the file has left or the reader went away.
struct Turn(AccountId);

impl Turn {
    fn take(account: AccountId) -> Option<Self> {
        let mut leaving = LEAVING.lock().unwrap_or_else(PoisonError::into_inner);
        (leaving.len() < MOST && leaving.insert(account)).then_some(Self(account))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        LEAVING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// The answer that carries the file. Who asks has been authorised, and written down, before.
///
/// # Errors
/// Too many at once, the database, or a history that is not what was sealed.
pub async fn history(panel: &Panel, account: AccountId, period: Period, format: Format) -> Result<Response, Failure> {
    let turn = Turn::take(account).ok_or(Failure::TooMany)?;
    let platform = &panel.platform;
    let (keys, now) = (AuditKeys::of(&platform.vault), platform.now());
    let exporter = Exporter::begin(platform.pool(), &keys, account, period, format, now).await?;
    let pieces = try_unfold((exporter, turn), |(mut exporter, turn)| async move {
        match exporter.next().await {
            Ok(piece) => Ok(piece.map(|piece| (piece, (exporter, turn)))),
            Err(error) => {
                // What left already ends without its last line, so it does not verify.
                tracing::error!(%error, "an export broke off");
                Err(error)
            }
        }
    });
    let name = format!("recado-{account}-{}.{}", now.format("%Y%m%d-%H%M%S"), format.as_str());
    Response::builder()
        .header(CONTENT_TYPE, format.media_type())
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .body(Body::from_stream(pieces))
        .map_err(|error| Failure::Defect(error.to_string()))
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            error @ ExportError::Tampered(_) => Self::Defect(error.to_string()),
        }
    }
}
