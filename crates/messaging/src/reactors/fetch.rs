//! The sender's step before a message with files named by their addresses: they are fetched now, while it can still be cancelled.

use chrono::Duration;
use recado_event_store::work::back_off;
use recado_event_store::{ClaimedWork, Outcome};

use super::send::Sender;
use crate::MessagingError;
use crate::use_cases::{EngineFact, Fetched, SendWork};

/// How often an address that does not answer is asked, 5, 10 and 20 s apart.
const ATTEMPTS: i32 = 4;

impl Sender {
    /// `None`: everything is here.
    pub(super) async fn fetch(&self, work: &ClaimedWork, order: &SendWork) -> Result<Option<Outcome>, MessagingError> {
        let fetched = match &self.fetcher {
            Some(fetcher) => {
                let Some(_place) = fetcher.place() else {
                    return Ok(Some(Outcome::Hold { until: self.now() + Duration::seconds(1) }));
                };
                self.messaging.fetch_media(fetcher, work.account_id, order.message).await?
            }
            None => Fetched::Never("media_unreachable"),
        };
        let reason = match fetched {
            Fetched::Ready => return Ok(None),
            Fetched::Later { error, .. } if work.attempts < ATTEMPTS => {
                let at = back_off(self.now(), work.attempts, Duration::seconds(5), Duration::seconds(60));
                return Ok(Some(Outcome::Retry { at, error }));
            }
            Fetched::Later { reason, .. } | Fetched::Never(reason) => reason,
        };
        let fact = EngineFact {
            account: work.account_id,
            instance: order.instance,
            engine: self.engine.kind().as_str().to_owned(),
            key: "fetch".to_owned(),
            at: self.now(),
            cause: work.cause,
        };
        self.refuse(&fact, order.message, reason).await.map(Some)
    }
}
