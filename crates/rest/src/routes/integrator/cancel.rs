//! `POST …/integrator/on-demand/cancel`: does not renew.

use axum::extract::State;

use super::Done;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::PartnersInstance;

/// The instance stays usable for the days of grace, as `CANCELING`. Twice is harmless.
///
/// # Errors
/// Never subscribed, the token, the instance, the database.
pub async fn cancel(State(state): State<RestState>, caller: PartnersInstance) -> Answer<Done> {
    let recorded = state.messaging.cancel_subscription(caller.partner.meta(&state), caller.access.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Reply::created(Done { value: true }))
}
