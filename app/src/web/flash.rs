//! Going on to another page after a form did its work, with a word about it.

use axum::response::{IntoResponse, Redirect, Response};
use http::header::SET_COOKIE;

use super::cookies::{self, Life};

/// 303 to `path`.
#[must_use]
pub fn go(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// 303 to `path`, where the text of this key, below `notice` or `refusal`, is shown once.
#[must_use]
pub fn go_with(path: &str, notice: &'static str, secure: bool) -> Response {
    let mut response = go(path);
    if let Some(cookie) = cookies::write(cookies::FLASH, notice, Life::Seconds(30), secure) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
