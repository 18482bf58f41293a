//! `POST /sair`.

use axum::response::Response;
use http::header::SET_COOKIE;

use crate::web::cookies::{self, Life};
use crate::web::failure::Failure;
use crate::web::posted::{Nothing, Posted};
use crate::web::visit::Visit;

/// Ends the session.
///
/// # Errors
/// The database: then the session still stands.
pub async fn leave(visit: Visit, Posted(Nothing {}): Posted<Nothing>) -> Result<Response, Failure> {
    if let Some(token) = &visit.session_token {
        visit.panel.accounts.sign_out(token).await?;
    }
    let secure = visit.panel.secure;
    let mut response = visit.go_with("/entrar", "notice.signed_out");
    if let Some(cookie) = cookies::write(cookies::session(secure), "", Life::Seconds(0), secure) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
