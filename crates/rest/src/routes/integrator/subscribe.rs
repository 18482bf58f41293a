//! `POST …/integrator/on-demand/subscription`: pays from now on.

use axum::extract::State;

use super::Done;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::PartnersInstance;
use crate::body::Fields;

/// Also revives an instance whose trial is over. Twice subscribes once. `withCalls` is accepted and changes nothing: there is one plan.
///
/// # Errors
/// The token, the instance, the database.
pub async fn subscribe(State(state): State<RestState>, caller: PartnersInstance, body: Fields) -> Answer<Done> {
    body.optional_boolean("withCalls")?;
    let recorded = state.messaging.subscribe(caller.partner.meta(&state), caller.access.instance(), None).await?;
    caller.see(&state, recorded).await;
    Ok(Reply::created(Done { value: true }))
}
