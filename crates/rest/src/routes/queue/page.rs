//! `POST /queue`: the queue in pages, by cursor.

use axum::extract::State;
use recado_messaging::QueuePage;
use serde::Serialize;

use super::item::QueueItem;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::body::Fields;
use crate::query::clamp;
use crate::{RestError, RestState};

/// One page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    messages: Vec<QueueItem>,
    paging_state: Option<String>,
    has_more: bool,
}

/// Body, all optional: `pageSize` (20, at most 30), `pagingState` as the page before gave it.
///
/// # Errors
/// The fields, the database.
pub async fn show(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Page> {
    let limit = i64::from(clamp(body.optional_integer("pageSize")?.unwrap_or(20), 30));
    let after = match body.optional_text("pagingState")?.filter(|cursor| !cursor.is_empty()) {
        None => None,
        Some(cursor) => Some(cursor.parse().map_err(|_| RestError::Invalid("pagingState"))?),
    };
    let page = QueuePage { after, limit, ..QueuePage::default() };
    let slice = state.messaging.queue(caller.access.account(), caller.instance(), page).await?;
    Ok(Reply::ok(Page {
        messages: slice.items.iter().map(QueueItem::with_created_at).collect(),
        paging_state: slice.next.map(|cursor| cursor.to_string()),
        has_more: slice.next.is_some(),
    }))
}
