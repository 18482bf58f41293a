//! One page of the feed.

use axum::response::{IntoResponse, Response};
use recado_messaging::{FeedPage, FeedQuery};

use crate::auth::Caller;
use crate::{RestError, RestState, answer};

/// `{"events": [{"cursor": "…", "event": {…}}], "cursor": "…", "hasMore": …}`. Written by hand, so that each event keeps the very text of
/// its webhook.
pub(super) struct Page(FeedPage);

pub(super) async fn page(state: &RestState, caller: &Caller, query: &FeedQuery) -> Result<Page, RestError> {
    Ok(Page(state.messaging.feed(caller.access.account(), caller.instance(), query).await?))
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let FeedPage { entries, cursor, more } = self.0;
        let events: Vec<String> =
            entries.iter().map(|entry| format!(r#"{{"cursor":"{}","event":{}}}"#, entry.cursor, entry.body)).collect();
        let body = format!(r#"{{"events":[{}],"cursor":"{cursor}","hasMore":{more}}}"#, events.join(","));
        let mut response = body.into_response();
        answer::declare_utf8(&mut response);
        response
    }
}
