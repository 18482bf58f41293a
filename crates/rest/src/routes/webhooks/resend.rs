//! `POST …/webhooks/deliveries/{id}/resend` and `POST …/webhooks/deliveries/resend`: once more, under the same delivery ids.

use axum::extract::{RawPathParams, State};
use recado_messaging::{DeliveryFilter, DeliveryState, ResendError};
use serde::Serialize;

use super::deliveries::{id_of, kind_of, state_of};
use crate::answer::{Answer, Reply, Value};
use crate::auth::Caller;
use crate::body::Fields;
use crate::query::moment;
use crate::{RestError, RestState};

/// What became of a range.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    value: bool,
    /// Being tried again.
    count: i64,
    /// Left out because their content has been erased.
    erased: i64,
    /// There are more: ask again.
    has_more: bool,
}

/// No body.
///
/// # Errors
/// No such delivery of this instance; one that is still being tried or whose content is gone; the database.
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
