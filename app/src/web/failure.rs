//! What a page answers when it cannot do what was asked. The text is written by one layer that knows the reader's language.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use recado_billing::BillingError;
use recado_event_store::StoreError;
use recado_messaging::MessagingError;

use super::state::Panel;
use crate::pages::problem;
use crate::web::look::Look;

/// Why there is no page.
#[derive(Debug, Clone)]
pub enum Failure {
    /// No such thing, or not yours: the same answer.
    NotFound,
    /// Known, but not allowed.
    Forbidden,
    /// A form without its token: another site, or a page from before sign-in.
    StaleForm,
    /// Sign in first; then come back to this path.
    SignIn(String),
    /// The form cannot be read.
    BadRequest,
    /// Too many attempts.
    TooMany,
    /// The database does not answer.
    Unavailable,
    /// A defect of ours; the text is for the log.
    Defect(String),
}

/// Marks a response for [`friendly`].
#[derive(Debug, Clone)]
struct Unwritten(Failure);

impl Failure {
    /// The status it is answered with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::StaleForm => StatusCode::FORBIDDEN,
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Defect(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Unwritten(self));
        response
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() { Self::Unavailable } else { Self::Defect(error.to_string()) }
    }
}

impl From<MessagingError> for Failure {
    fn from(error: MessagingError) -> Self {
        match error {
            MessagingError::InstanceNotFound | MessagingError::MessageNotFound => Self::NotFound,
            error if error.is_unavailable() => Self::Unavailable,
            error if error.is_ours() => Self::Defect(error.to_string()),
            // Refusals are shown where they happen; one that comes this far is a form we did not offer.
            _ => Self::BadRequest,
        }
    }
}

impl From<BillingError> for Failure {
    fn from(error: BillingError) -> Self {
        match error {
            BillingError::InvoiceNotFound(_) => Self::NotFound,
            BillingError::MonthNotBegun(_) => Self::NotFound,
            error if error.is_unavailable() => Self::Unavailable,
            error => Self::Defect(error.to_string()),
        }
    }
}

/// Writes the pages of failed requests in the reader's language and logs our own defects.
pub async fn friendly(State(panel): State<Panel>, request: Request, next: Next) -> Response {
    let look = Look::of(request.headers(), request.uri().path());
    let response = next.run(request).await;
    let Some(Unwritten(failure)) = response.extensions().get::<Unwritten>().cloned() else { return response };
    match &failure {
        Failure::SignIn(back) => return super::visit::to_sign_in(back),
        Failure::Defect(cause) => tracing::error!(path = look.path, cause, "a page failed"),
        Failure::Unavailable => tracing::warn!(path = look.path, "a page could not reach the database"),
        _ => {}
    }
    problem::page(&panel, look, &failure)
}
