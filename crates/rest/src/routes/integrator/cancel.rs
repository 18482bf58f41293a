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
#[utoipa::path(
    post,
    path = "/integrator/on-demand/cancel",
    summary = "Cancelar a assinatura",
    description = "Não renova. A instância continua em uso por 30 dias, com a situação `CANCELING`. Repetir não faz mal.",
    responses((status = 201, description = "Cancelada.", body = Done)),
    extensions(("x-refusals" = json!(["the instance is not subscribed"]))),
)]
pub async fn cancel(State(state): State<RestState>, caller: PartnersInstance) -> Answer<Done> {
    let recorded = state.messaging.cancel_subscription(caller.partner.meta(&state), caller.access.instance()).await?;
    caller.see(&state, recorded).await;
    Ok(Reply::created(Done { value: true }))
}
