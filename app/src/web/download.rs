//! An account's history as a file, streamed: the server never holds it whole.

mod turns;

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use futures::StreamExt as _;
use futures::stream::unfold;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use recado_event_store::audit::{AuditKeys, ExportError, Exporter, Format, Period};
use recado_kernel::AccountId;
use tokio::sync::mpsc;

use super::failure::Failure;
use super::state::Panel;
pub use turns::Reader;
use turns::Turn;

/// A reader that takes nothing for so long has gone, whatever its connection says: others wait for the turn.
const IDLE: Duration = Duration::from_secs(30);

/// The answer that carries the file. Who asks has been authorised, and written down, before.
///
/// # Errors
/// Too many at once, the database, or a history that is not what was sealed.
pub async fn history(
    panel: &Panel,
    reader: Reader,
    account: AccountId,
    period: Period,
    format: Format,
) -> Result<Response, Failure> {
    let turn = Turn::take(reader, account).ok_or(Failure::TooMany)?;
    let platform = &panel.platform;
    let (keys, now) = (AuditKeys::of(&platform.vault), platform.now());
    let exporter = Exporter::begin(platform.pool(), &keys, account, period, format, now).await?;
    // The body is asked only when the connection takes more; whoever gives the turn back must not wait for that.
    let (give, pieces) = mpsc::channel(1);
    tokio::spawn(async move {
        leave(exporter, give, IDLE).await;
        drop(turn);
    });
    let name = format!("recado-{account}-{}.{}", now.format("%Y%m%d-%H%M%S"), format.as_str());
    Response::builder()
        .header(CONTENT_TYPE, format.media_type())
        .header(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))
        .body(body(pieces))
        .map_err(|error| Failure::Defect(error.to_string()))
}

/// Where the pieces of a file come from.
trait Pieces: Send {
    /// The next one; `None` after the last.
    fn next(&mut self) -> impl Future<Output = Result<Option<String>, ExportError>> + Send;
}

impl Pieces for Exporter {
    fn next(&mut self) -> impl Future<Output = Result<Option<String>, ExportError>> + Send {
        Self::next(self)
    }
}

/// What the body is told: a piece, or that the one before was the last.
type Told = Result<Option<String>, io::Error>;

/// Gives the pieces away, until the last, a reader that went away, or one that took none for `idle`.
async fn leave(mut from: impl Pieces, to: mpsc::Sender<Told>, idle: Duration) {
    loop {
        let told = match from.next().await {
            Ok(piece) => Ok(piece),
            Err(error) => {
                // What left already ends without its last line, so it does not verify.
                tracing::error!(%error, "an export broke off");
                Err(io::Error::other(error.to_string()))
            }
        };
        let more = matches!(told, Ok(Some(_)));
        match to.send_timeout(told, idle).await {
            Ok(()) if more => {}
            Ok(()) | Err(mpsc::error::SendTimeoutError::Closed(_)) => return,
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => {
                tracing::info!(seconds = idle.as_secs(), "an export ended: its reader took nothing");
                return;
            }
        }
    }
}

/// The pieces as they come. A channel that ends without the word that all is said is a connection to break, not a complete file.
fn body(pieces: mpsc::Receiver<Told>) -> Body {
    let told = unfold(Some(pieces), |pieces| async move {
        let mut pieces = pieces?;
        match pieces.recv().await {
            Some(Ok(Some(piece))) => Some((Ok(piece), Some(pieces))),
            Some(Ok(None)) => None,
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Err(io::ErrorKind::TimedOut.into()), None)),
        }
    });
    // Whoever compresses the answer may ask once more after the end.
    Body::from_stream(told.fuse())
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => error.into(),
            error @ ExportError::Tampered(_) => Self::Defect(error.to_string()),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    /// So many pieces are left.
    struct Left(usize);

    impl Pieces for Left {
        async fn next(&mut self) -> Result<Option<String>, ExportError> {
            let left = self.0.checked_sub(1);
            self.0 = left.unwrap_or_default();
            Ok(left.map(|left| format!("{left}\n")))
        }
    }

    #[tokio::test]
    async fn a_reader_that_takes_nothing_ends_its_export_and_what_it_holds_is_no_complete_file() {
        let (give, pieces) = mpsc::channel(1);
        let body = body(pieces);
        // Nobody reads: it must come back by itself.
        leave(Left(1_000), give, Duration::from_millis(20)).await;
        let read = axum::body::to_bytes(body, usize::MAX).await;
        assert!(read.is_err(), "{read:?}");
    }

    #[tokio::test]
    async fn a_reader_that_goes_on_gets_the_whole_file_and_one_that_goes_away_ends_it() {
        let (give, pieces) = mpsc::channel(1);
        let hour = Duration::from_secs(3_600);
        let leaving = tokio::spawn(leave(Left(3), give, hour));
        let mut stream = body(pieces).into_data_stream();
        let mut read = String::new();
        while let Some(piece) = stream.next().await {
            read.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
        }
        assert_eq!(read, "2\n1\n0\n");
        assert!(stream.next().await.is_none(), "asked once more, as compression does");
        leaving.await.unwrap();
        let (give, pieces) = mpsc::channel(1);
        drop(body(pieces));
        leave(Left(usize::MAX), give, hour).await;
    }
}
