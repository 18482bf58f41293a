//! `GET /queue/count`: how many messages wait.

use axum::extract::State;
use serde::Serialize;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;

/// `{"count": 3}`.
#[derive(Debug, Serialize)]
pub struct Count {
    count: i64,
}

/// # Errors
/// The database.
pub async fn show(State(state): State<RestState>, caller: Caller) -> Answer<Count> {
    let count = state.messaging.queue_count(caller.access.account(), caller.instance()).await?;
    Ok(Reply::ok(Count { count }))
}
