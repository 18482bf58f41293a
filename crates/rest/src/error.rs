//! Every refusal of the REST API and its one table of statuses and bodies (plugzapi-api.md 1.5).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use recado_event_store::StoreError;
use recado_messaging::engine::DirectoryError;
use recado_messaging::media::MediaError;
use recado_messaging::{InvalidWebhookUrl, MessagingError};
use serde_json::json;

/// Why a request was not carried out. Nothing has been stored when one of these is answered: after a message was accepted the answer
/// is always 200, because clients repeat a POST after 429 and 5xx.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestError {
    /// Unknown instance, or the token of another one: the same answer, so that ids cannot be probed.
    #[error("instance not found")]
    InstanceNotFound,
    /// The account's security token is active and the header is missing.
    #[error("client token missing")]
    ClientTokenMissing,
    /// The account's security token is active and another value came.
    #[error("client token wrong")]
    ClientTokenWrong,
    /// The account's list of addresses is active and lacks this one.
    #[error("address not allowed")]
    AddressNotAllowed(String),
    /// Missing or wrong partner token.
    #[error("partner token missing or wrong")]
    Unauthorized,
    /// Trial over, unpaid, or the subscription ended.
    #[error("the instance needs a subscription")]
    NotSubscribed,
    /// The route needs a live session.
    #[error("the instance is not connected")]
    NotConnected,
    /// So many messages wait already (plugzapi-api.md 4).
    #[error("the queue is full")]
    QueueFull(i64),
    /// `phone` names nobody.
    #[error("malformed phone")]
    InvalidPhone,
    /// A required field is absent, `null` or empty.
    #[error("{0} is required")]
    Required(&'static str),
    /// A field of the wrong type or shape.
    #[error("{0} is invalid")]
    Invalid(&'static str),
    /// The body is not a JSON object.
    #[error("the body is not JSON")]
    InvalidJson,
    /// A webhook address that is not https.
    #[error("webhook address is not https")]
    WebhookNotHttps,
    /// A webhook address that is no address, or one we must not call.
    #[error("webhook address refused")]
    WebhookRefused,
    /// The first partner token creates at most 25 instances.
    #[error("instance limit reached")]
    InstanceLimit,
    /// A use case's own words, e.g. a text that is too long.
    #[error("refused: {0}")]
    Refused(String),
    /// WhatsApp's side gave no answer in time.
    #[error("whatsapp did not answer")]
    WhatsappSilent,
    /// Not a route of this API; `as_original` answers HTTP 200 like the original.
    #[error("unknown route")]
    UnknownRoute {
        /// The switch `strict_zapi_status`.
        as_original: bool,
    },
    /// A documented route that is not built.
    #[error("{0} is not built")]
    NotImplemented(&'static str),
    /// The engine behind this instance cannot do it.
    #[error("the engine cannot do this")]
    Unsupported,
    /// A known path, another verb.
    #[error("wrong method")]
    MethodNotAllowed,
    /// A body of another content type.
    #[error("wrong content type")]
    UnsupportedMediaType,
    /// A body over the limit.
    #[error("body too large")]
    BodyTooLarge,
    /// The body did not come in time, or broke off.
    #[error("body too slow")]
    BodyTimeout,
    /// More requests than the configured burst.
    #[error("too many requests")]
    TooManyRequests,
    /// The database is away: nothing was stored, try again later.
    #[error("service unavailable")]
    Unavailable,
    /// A defect of ours.
    #[error("internal error")]
    Internal,
}

/// What the original says to an expired trial; clients compare it.
pub const NOT_SUBSCRIBED: &str = "To continue sending a message, you must subscribe to this instance again";

impl RestError {
    /// The table: status and body.
    #[must_use]
    pub fn status_and_body(&self) -> (StatusCode, serde_json::Value) {
        let said = |status: StatusCode, text: &str| (status, json!({ "error": text }));
        match self {
            Self::InstanceNotFound => said(StatusCode::NOT_FOUND, "Instance not found"),
            Self::ClientTokenMissing => said(StatusCode::BAD_REQUEST, "your client-token is not configured"),
            Self::ClientTokenWrong => said(StatusCode::FORBIDDEN, "Client-Token not allowed"),
            Self::AddressNotAllowed(address) => said(StatusCode::FORBIDDEN, &format!("{address} not allowed")),
            Self::Unauthorized => said(StatusCode::UNAUTHORIZED, "Unauthorized"),
            Self::NotSubscribed => said(StatusCode::BAD_REQUEST, NOT_SUBSCRIBED),
            Self::NotConnected => said(StatusCode::BAD_REQUEST, "You need to be connected with whatsapp"),
            Self::QueueFull(limit) => said(StatusCode::BAD_REQUEST, &format!("Queue limit of {limit} messages reached")),
            Self::InvalidPhone => said(StatusCode::BAD_REQUEST, "Invalid phone"),
            Self::Required(field) => said(StatusCode::BAD_REQUEST, &format!("{field} is required")),
            Self::Invalid(field) => said(StatusCode::BAD_REQUEST, &format!("{field} is invalid")),
            Self::InvalidJson => said(StatusCode::BAD_REQUEST, "Invalid JSON"),
            Self::WebhookNotHttps => said(StatusCode::BAD_REQUEST, "Webhook URL must be HTTPS"),
            Self::WebhookRefused => said(StatusCode::BAD_REQUEST, "Webhook URL is invalid"),
            Self::InstanceLimit => said(StatusCode::FORBIDDEN, "Limite de 25 instâncias atingido"),
            Self::Refused(reason) => said(StatusCode::BAD_REQUEST, reason),
            Self::WhatsappSilent => said(StatusCode::BAD_REQUEST, "Whatsapp did not respond"),
            Self::UnknownRoute { as_original } => {
                let status = if *as_original { StatusCode::OK } else { StatusCode::NOT_FOUND };
                (status, json!({ "error": "NOT_FOUND", "message": "Unable to find matching target resource method" }))
            }
            Self::NotImplemented(route) => {
                let message = format!("{route} is documented but not available on this server");
                (StatusCode::NOT_IMPLEMENTED, json!({ "error": "NOT_IMPLEMENTED", "message": message }))
            }
            Self::Unsupported => {
                let message = "not available on this instance's connection";
                (StatusCode::NOT_IMPLEMENTED, json!({ "error": "NOT_IMPLEMENTED", "message": message }))
            }
            Self::MethodNotAllowed => said(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED"),
            Self::UnsupportedMediaType => said(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE"),
            Self::BodyTooLarge => said(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"),
            Self::BodyTimeout => said(StatusCode::REQUEST_TIMEOUT, "REQUEST_TIMEOUT"),
            Self::TooManyRequests => said(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS"),
            Self::Unavailable => said(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE"),
            Self::Internal => said(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR"),
        }
    }
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        let (status, body) = self.status_and_body();
        let mut response = (status, Json(body)).into_response();
        crate::answer::declare_utf8(&mut response);
        if matches!(self, Self::BodyTimeout | Self::BodyTooLarge) {
            // The rest of the body will not be read: the connection cannot be used again.
            response.headers_mut().insert(http::header::CONNECTION, http::HeaderValue::from_static("close"));
        }
        response
    }
}

impl From<MessagingError> for RestError {
    fn from(error: MessagingError) -> Self {
        match error {
            MessagingError::InstanceNotFound => Self::InstanceNotFound,
            MessagingError::SubscribeAgain => Self::NotSubscribed,
            MessagingError::NotConnected => Self::NotConnected,
            MessagingError::QueueFull { limit } => Self::QueueFull(limit),
            MessagingError::Name(_) => Self::Invalid("name"),
            MessagingError::WebhookUrl(InvalidWebhookUrl::NotHttps) => Self::WebhookNotHttps,
            MessagingError::WebhookUrl(InvalidWebhookUrl::Invalid) => Self::WebhookRefused,
            MessagingError::Setting(field) => Self::Invalid(field),
            MessagingError::Directory(error) => error.into(),
            MessagingError::CustomId => Self::Invalid("customId"),
            MessagingError::MessageNotFound
            | MessagingError::AlreadyConnected
            | MessagingError::NumberInUse
            | MessagingError::NotSubscribed
            | MessagingError::NotWaiting
            | MessagingError::UnknownMessage
            | MessagingError::Text(_)
            | MessagingError::Content(_) => Self::Refused(error.to_string()),
            MessagingError::Media(MediaError::Files(error)) => {
                tracing::warn!(error, "the content store is not available");
                Self::Unavailable
            }
            MessagingError::Media(error) => Self::Refused(error.to_string()),
            MessagingError::Unsupported => Self::Unsupported,
            MessagingError::Silent => Self::WhatsappSilent,
            // Nothing was stored: the caller may try again.
            MessagingError::Busy => Self::Unavailable,
            MessagingError::Store(error) => error.into(),
        }
    }
}

impl From<DirectoryError> for RestError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::NotConnected => Self::NotConnected,
            DirectoryError::Silent(reason) => {
                tracing::warn!(reason, "a session gave no answer");
                Self::WhatsappSilent
            }
            DirectoryError::InvalidPhone => Self::InvalidPhone,
            DirectoryError::InvalidColor => Self::Invalid("color"),
            // The handler knows the field's name.
            DirectoryError::InvalidPicture | DirectoryError::InvalidText => Self::Invalid("value"),
            DirectoryError::GroupForbidden
            | DirectoryError::GroupPhone
            | DirectoryError::UnknownTag
            | DirectoryError::Unsupported => Self::Refused(error.to_string()),
        }
    }
}

impl From<StoreError> for RestError {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() {
            tracing::warn!(%error, "the database is not available");
            return Self::Unavailable;
        }
        tracing::error!(%error, "a request failed");
        Self::Internal
    }
}
