//! The few shapes successful answers have.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use recado_kernel::{MessageId, WireId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::RestError;

/// What handlers return.
pub type Answer<T> = Result<Reply<T>, RestError>;

/// A JSON body with `application/json; charset=utf-8` (plugzapi-api.md 1.3), status 200 unless told otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply<T> {
    status: StatusCode,
    body: T,
}

impl<T> Reply<T> {
    /// 200.
    pub const fn ok(body: T) -> Self {
        Self { status: StatusCode::OK, body }
    }

    /// 201, as the integrator routes answer (plugzapi-api.md 2.12).
    pub const fn created(body: T) -> Self {
        Self { status: StatusCode::CREATED, body }
    }
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        declare_utf8(&mut response);
        response
    }
}

pub(crate) fn declare_utf8(response: &mut Response) {
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
}

/// `{"value": true}`: done, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({ "value": true }))]
pub struct Value {
    /// Was it done?
    pub value: bool,
}

/// [`Value`] as descriptions must call it: the macros of `utoipa` take every type written `Value` for `serde_json`'s, which may be anything.
pub type ValueBody = Value;

impl Value {
    /// 200 with `{"value": …}`.
    #[must_use]
    pub const fn reply(value: bool) -> Reply<Self> {
        Reply::ok(Self { value })
    }
}

/// The answer of every sending route (plugzapi-api.md 1.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "zaapId": "019A2C7755B1704E9D0F3B6A81C4E2D7", "messageId": "3EB0A1C9D2E47F0B6C18", "id": "3EB0A1C9D2E47F0B6C18"
}))]
pub struct SendResult {
    zaap_id: String,
    message_id: String,
    id: String,
}

impl SendResult {
    /// `id` always equals `messageId`.
    #[must_use]
    pub fn new(message: MessageId, wire: &WireId) -> Self {
        Self { zaap_id: message.zaap_id(), message_id: wire.to_string(), id: wire.to_string() }
    }
}
