//! `GET /queue/count`: how many messages wait.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;

/// `{"count": 3}`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QueueCount, example = json!({ "count": 3 }))]
pub struct Count {
    count: i64,
}

/// # Errors
/// The database.
#[utoipa::path(
    get,
    path = "/queue/count",
    summary = "Quantas mensagens esperam",
    description = "O tamanho da fila neste momento.",
    responses((status = 200, description = "Quantas.", body = Count)),
)]
pub async fn show(State(state): State<RestState>, caller: Caller) -> Answer<Count> {
    let count = state.messaging.queue_count(caller.access.account(), caller.instance()).await?;
    Ok(Reply::ok(Count { count }))
}
