//! A posted form, read only after it proved to be ours.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use super::failure::Failure;
use super::form_key;
use super::state::Panel;

/// Larger forms are refused.
const LARGEST_BYTES: usize = 64 * 1024;

/// The fields of a form. Missing fields must have serde defaults: a form with fewer fields is shown again with its errors.
#[derive(Debug, Clone)]
pub struct Posted<T>(pub T);

#[derive(serde::Deserialize)]
struct Token {
    #[serde(default, rename = "_csrf")]
    key: String,
}

impl<T: DeserializeOwned> FromRequest<Panel> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, panel: &Panel) -> Result<Self, Failure> {
        let headers = request.headers().clone();
        let body = to_bytes(request.into_body(), LARGEST_BYTES).await.map_err(|_| Failure::BadRequest)?;
        let token: Token = serde_urlencoded::from_bytes(&body).map_err(|_| Failure::BadRequest)?;
        if !form_key::is_ours(&panel.platform.vault, &headers, panel.secure, &token.key) {
            return Err(Failure::StaleForm);
        }
        serde_urlencoded::from_bytes(&body).map(Self).map_err(|_| Failure::BadRequest)
    }
}

/// A form without fields of its own: a button.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
pub struct Nothing {}
