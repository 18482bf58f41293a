//! `POST /queue`: the queue in pages, by cursor.

use axum::extract::State;
use recado_messaging::QueuePage;
use serde::Serialize;
use utoipa::ToSchema;

use super::item::QueueItem;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::body::Fields;
use crate::query::clamp;
use crate::{RestError, RestState};

/// One page.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = QueuePage)]
pub struct Page {
    messages: Vec<QueueItem>,
    paging_state: Option<String>,
    has_more: bool,
}

crate::body! {
    /// What `POST /queue` takes.
    pub QueueBody {
        integer("pageSize", "Quantas por página: 1 a 30. Padrão: 20."),
        text("pagingState", "O `pagingState` da página anterior. Ausente: a primeira página."),
    }
    example { "pageSize": 20 }
}

/// Body, all optional: `pageSize` (20, at most 30), `pagingState` as the page before gave it.
///
/// # Errors
/// The fields, the database.
#[utoipa::path(
    post,
    path = "/queue",
    summary = "Ver a fila em páginas",
    description = "A próxima a sair vem primeiro. Para continuar, mande o `pagingState` da resposta.",
    request_body(content = Option<QueueBody>),
    responses((status = 200, description = "Uma página da fila.", body = Page, example = json!({
        "messages": [{
            "_id": "019A2C7755B1704E9D0F3B6A81C4E2D7", "ZaapId": "019A2C7755B1704E9D0F3B6A81C4E2D7", "MessageId": "3EB0A1C9D2E47F0B6C18",
            "InstanceId": "5B1E90C3D7A24F6E8B0C1D2E3F4A5B6C", "Phone": "5562988887777", "Message": "Bom dia!", "DelayMessage": -1,
            "DelayTyping": 0, "IsTrial": false, "Beta": false, "Created": 1_781_524_800_123_i64,
            "CreatedAt": "2026-06-15T12:00:00.123+00:00"
        }],
        "pagingState": null, "hasMore": false
    }))),
)]
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
