//! `POST …/webhooks/deliveries/{id}/resend` and `POST …/webhooks/deliveries/resend`: once more, under the same delivery ids.

use axum::extract::{RawPathParams, State};
use recado_messaging::{DeliveryFilter, DeliveryState, ResendError};
use serde::Serialize;
use utoipa::ToSchema;

use super::deliveries::{id_of, kind_of, state_of};
use crate::answer::{Answer, Reply, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::query::moment;
use crate::{RestError, RestState};

/// What became of a range.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ResentDeliveries, example = json!({ "value": true, "count": 3, "erased": 0, "hasMore": false }))]
pub struct Done {
    value: bool,
    /// Being tried again.
    count: i64,
    /// Left out because their content has been erased.
    erased: i64,
    /// There are more: ask again.
    has_more: bool,
}

crate::body! {
    /// What `POST /webhooks/deliveries/resend` takes.
    pub ResendBody {
        text("state", "`failed` (padrão), `delivered` ou `stopped`."),
        text("kind", "Só deste `type`, por exemplo `ReceivedCallback`."),
        integer("from", "Só o que aconteceu a partir deste momento, em milissegundos desde 1970 (UTC)."),
        integer("until", "Só o que aconteceu antes deste momento, em milissegundos desde 1970 (UTC)."),
    }
    example { "state": "failed", "from": 1_781_438_400_000_i64 }
}

/// No body.
///
/// # Errors
/// No such delivery of this instance; one that is still being tried or whose content is gone; the database.
#[utoipa::path(
    post,
    path = "/webhooks/deliveries/{delivery}/resend",
    summary = "Reenviar uma entrega",
    description = "Manda o mesmo aviso de novo, com o mesmo `webhook-id`, para o endereço configurado agora.",
    responses((status = 200, description = "Está sendo enviada de novo.", body = crate::answer::ValueBody)),
    extensions(("x-refusals" = json!([
        "DeliveryNotFound", "the delivery is still being tried", "the content of the message has been erased"
    ]))),
)]
pub async fn one(State(state): State<RestState>, caller: Caller, path: RawPathParams) -> Answer<Value> {
    let (account, instance, id) = (caller.access.account(), caller.instance(), id_of(&path)?);
    state.messaging.webhook_delivery(account, instance, id).await?.ok_or(RestError::DeliveryNotFound)?;
    match state.messaging.resend_webhook(account, id).await {
        Ok(()) => Ok(Value::reply(true)),
        Err(ResendError::NotFound) => Err(RestError::DeliveryNotFound),
        Err(refused @ (ResendError::StillWaiting | ResendError::ContentErased)) => Err(RestError::Refused(refused.to_string())),
        Err(ResendError::Store(error)) => Err(error.into()),
    }
}

/// Body, all optional: `state` (`failed`; also `delivered`, `stopped`), `kind` (a `type`), `from` and `until` (Unix milliseconds). At most
/// a thousand per call, oldest first; `hasMore` says whether to call again.
///
/// # Errors
/// The fields, the database.
#[utoipa::path(
    post,
    path = "/webhooks/deliveries/resend",
    summary = "Reenviar entregas de um período",
    description = "Manda de novo, com os mesmos `webhook-id`, o que falhou, ou o que o corpo disser. Até mil por chamada, as mais antigas \
                   primeiro; com `hasMore`, chame outra vez.",
    request_body(content = Option<ResendBody>),
    responses((status = 200, description = "Quantas estão sendo enviadas de novo.", body = Done)),
    extensions(("x-refusals" = json!(["kind is invalid", "from is invalid", "until is invalid"]))),
)]
pub async fn range(State(state): State<RestState>, caller: Caller, body: Fields) -> Answer<Done> {
    let text = |name| body.optional_text(name).map(|text| text.filter(|text| !text.is_empty()));
    let filter = DeliveryFilter {
        state: state_of(text("state")?)?,
        callback: kind_of(text("kind")?)?,
        from: moment("from", body.optional_integer("from")?)?,
        until: moment("until", body.optional_integer("until")?)?,
    };
    if filter.state == Some(DeliveryState::Waiting) {
        return Err(RestError::Invalid("state"));
    }
    let done = state.messaging.resend_deliveries(caller.access.account(), caller.instance(), &filter).await?;
    Ok(Reply::ok(Done { value: true, count: done.count, erased: done.erased, has_more: done.more }))
}
