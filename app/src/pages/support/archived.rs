//! What a time line does not show because it left the log, and where it is.

use leptos::prelude::*;
use recado_event_store::archive::{self, Whereabouts};
use recado_event_store::{Platform, StoreError};

use crate::words::Words;

/// What is missing on a page.
#[derive(Debug, Clone)]
pub enum Missing {
    /// The whole story of the thing.
    Thing(Whereabouts),
    /// The message events of these months, `YYYY-MM`.
    Months(Vec<String>),
}

/// What of the account, or of one thing of it, is in archives.
///
/// # Errors
/// The database.
pub async fn missing(platform: &Platform, thing: Option<&(String, String)>) -> Result<Option<Missing>, StoreError> {
    if let Some((kind, id)) = thing {
        return Ok(archive::whereabouts(platform.pool(), kind, id).await?.map(Missing::Thing));
    }
    let months: Vec<String> = archive::months_with(platform.pool(), &[]).await?.iter().map(ToString::to_string).collect();
    Ok((!months.is_empty()).then_some(Missing::Months(months)))
}

/// Says so.
pub fn notice(words: Words, missing: &Missing) -> AnyView {
    let text = match missing {
        Missing::Thing(found) => {
            words.with("timeline.archived.thing", &[("month", &found.month.to_brazilian()), ("file", &found.file)])
        }
        Missing::Months(months) => words.with("timeline.archived.months", &[("months", &months.join(", "))]),
    };
    view! { <p class="notice" data-archived="">{text}</p> }.into_any()
}
