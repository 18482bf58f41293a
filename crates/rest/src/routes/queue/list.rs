//! `GET /queue`: the beginning of the queue as a plain array.

use axum::extract::State;
use recado_messaging::QueuePage;

use super::item::QueueItem;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;

/// Query: `pageSize` (100, at most 500); `page` has no effect, as in the original.
///
/// # Errors
/// A size of letters, the database.
#[utoipa::path(
    get,
    path = "/queue",
    summary = "Ver o começo da fila",
    description = "Uma lista simples, a próxima a sair primeiro. Para filas grandes use `POST /queue`.",
    params(
        ("page" = Option<i64>, Query, description = "Sem efeito, como no original."),
        ("pageSize" = Option<i64>, Query, description = "Quantas: 1 a 500. Padrão: 100."),
    ),
    responses((status = 200, description = "A fila.", body = Vec<QueueItem>)),
    extensions(("x-refusals" = json!(["pageSize is invalid"]))),
)]
pub async fn show(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Vec<QueueItem>> {
    let limit = i64::from(params.at_least_one("pageSize", 100, 500)?);
    let page = QueuePage { limit, ..QueuePage::default() };
    let slice = state.messaging.queue(caller.access.account(), caller.instance(), page).await?;
    Ok(Reply::ok(slice.items.iter().map(QueueItem::of).collect()))
}
