//! One page of the feed.

use axum::response::{IntoResponse, Response};
use recado_messaging::{FeedPage, FeedQuery};
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::{RestError, RestState, answer};

/// `{"events": [{"cursor": "…", "event": {…}}], "cursor": "…", "hasMore": …}`. Written by hand, so that each event keeps the very text of
/// its webhook.
pub(super) struct Page(FeedPage);

/// What [`Page`] writes, for the description only.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "described, never made: the page is written by hand")]
#[schema(example = json!({
    "events": [{ "cursor": "4712", "event": {
        "type": "DeliveryCallback", "instanceId": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "phone": "5562988887777",
        "zaapId": "019A2C7755B1704E9D0F3B6A81C4E2D7", "messageId": "3EB0A1C9D2E47F0B6C18", "momment": 1_781_524_802_456_i64
    } }],
    "cursor": "4712", "hasMore": false
}))]
pub(super) struct EventPage {
    events: Vec<EventEntry>,
    cursor: String,
    has_more: bool,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "described, never made")]
pub(super) struct EventEntry {
    cursor: String,
    #[schema(value_type = Object)]
    event: Value,
}

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
