//! `POST …/integrator/on-demand/subscription`: pays from now on.

use axum::extract::State;

use super::Done;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::PartnersInstance;
use crate::body::Fields;

crate::body! {
    /// What `POST …/integrator/on-demand/subscription` takes.
    pub SubscribeBody { boolean("withCalls", "Aceito, sem efeito: há um plano só.") }
    example {}
}

/// Also revives an instance whose trial is over. Twice subscribes once. `withCalls` is accepted and changes nothing: there is one plan.
///
/// # Errors
/// The token, the instance, the database.
#[utoipa::path(
    post,
    path = "/integrator/on-demand/subscription",
    summary = "Assinar",
    description = "Passa a pagar pela instância; também revive uma cujo teste acabou. Repetir assina uma vez só.",
    request_body(content = Option<SubscribeBody>),
    responses((status = 201, description = "Assinada.", body = Done)),
)]
pub async fn subscribe(State(state): State<RestState>, caller: PartnersInstance, body: Fields) -> Answer<Done> {
    body.optional_boolean("withCalls")?;
    let recorded = state.messaging.subscribe(caller.partner.meta(&state), caller.access.instance(), None).await?;
    caller.see(&state, recorded).await;
    Ok(Reply::created(Done { value: true }))
}
