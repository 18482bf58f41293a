//! `POST …/webhooks/secret/rotate` and `POST …/webhooks/secret/retire`: another secret without a gap.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::RestState;
use crate::answer::{Answer, Reply, Value};
use crate::auth::Caller;

/// The new secret.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RotatedSecret, example = json!({
    "secret": "5f1c0e7b9a3d42684c8e1f60b7d29a3512c4e6f8091b3d5f7a9c0e2d4b6f8a1c", "previousValidUntil": 1_781_611_200_000_i64
}))]
pub struct Rotated {
    secret: String,
    /// Until when the secret before it signs beside it, Unix milliseconds.
    previous_valid_until: Option<i64>,
}

/// No body. The new secret signs at once; the one before it signs beside it for 24 hours, or until it is retired.
///
/// # Errors
/// The database.
#[utoipa::path(
    post,
    path = "/webhooks/secret/rotate",
    summary = "Trocar o segredo de webhooks",
    description = "O segredo novo assina na hora. O anterior assina junto com ele por 24 horas, ou até ser aposentado: `webhook-signature` \
                   traz as duas assinaturas, e `x-recado-signature-previous` a do anterior. Troque, ponha o novo no seu receptor, aposente \
                   o anterior. `x-token` traz só o novo.",
    responses((status = 200, description = "Trocado.", body = Rotated)),
)]
pub async fn rotate(State(state): State<RestState>, caller: Caller) -> Answer<Rotated> {
    let (secret, recorded) = state.messaging.rotate_webhook_secret(caller.meta(&state), caller.instance()).await?;
    caller.see(&state, recorded).await;
    let until = state.messaging.previous_secret_until(caller.access.account(), caller.instance()).await?;
    let previous_valid_until = until.map(|until| until.timestamp_millis());
    Ok(Reply::ok(Rotated { secret: secret.expose().clone(), previous_valid_until }))
}

/// No body. `{"value": false}` when there was no second secret.
///
/// # Errors
/// The database.
#[utoipa::path(
    post,
    path = "/webhooks/secret/retire",
    summary = "Aposentar o segredo anterior",
    description = "O segredo anterior deixa de assinar já. `{\"value\": false}` quando não havia segundo segredo.",
    responses((status = 200, description = "Aposentado, ou não havia o que aposentar.", body = crate::answer::ValueBody)),
)]
pub async fn retire(State(state): State<RestState>, caller: Caller) -> Answer<Value> {
    let recorded = state.messaging.retire_webhook_secret(caller.meta(&state), caller.instance()).await?;
    Ok(Value::reply(recorded.changed))
}
