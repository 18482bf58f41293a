//! `GET …/events`: every callback of the last 30 days, in order, as pages or as a stream. Whoever lost a webhook reads on from the last
//! cursor. (Ours: the originals have no such route.)

mod follow;
mod page;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::HeaderMap;
use http::header::ACCEPT;
use recado_messaging::{FeedQuery, Messaging};

use super::of_instance;
use crate::auth::Caller;
use crate::describe::Router;
use crate::query::Params;
use crate::{RestError, RestState};

pub(super) fn routes() -> Router {
    Router::new().route(&of_instance("/events"), get(show))
}

/// Query, all optional: `after` (a cursor; absent: the oldest entry there is; `now`: only what comes), `kind` (`type`s, separated by
/// commas), `limit` (100, at most 500). With `Accept: text/event-stream` the same as a stream, where `Last-Event-ID` takes the place
/// of `after`.
///
/// # Errors
/// The parameters, too many streams of one instance, the database.
pub async fn show(
    State(state): State<RestState>,
    caller: Caller,
    params: Params,
    headers: HeaderMap,
) -> Result<Response, RestError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default().to_owned();
    let streams = text(ACCEPT.as_str()).split(',').any(|kind| kind.trim().starts_with("text/event-stream"));
    let last = Some(text("last-event-id")).filter(|id| streams && !id.is_empty());
    let query = FeedQuery {
        after: match last.as_deref().or_else(|| params.text("after")) {
            None => 0,
            Some("now") => state.messaging.feed_end().await?,
            Some(cursor) => cursor.parse().ok().filter(|cursor| *cursor >= 0).ok_or(RestError::Invalid("after"))?,
        },
        kinds: kinds(params.text("kind"))?,
        limit: i64::from(params.at_least_one("limit", 100, 500)?),
    };
    if streams { follow::follow(state, &caller, query) } else { Ok(page::page(&state, &caller, &query).await?.into_response()) }
}

fn kinds(text: Option<&str>) -> Result<Vec<String>, RestError> {
    let named: Vec<String> =
        text.unwrap_or_default().split(',').map(str::trim).filter(|kind| !kind.is_empty()).map(str::to_owned).collect();
    match named.iter().all(|kind| Messaging::is_feed_kind(kind)) {
        true => Ok(named),
        false => Err(RestError::Invalid("kind")),
    }
}
