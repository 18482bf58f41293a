//! `POST /preferencias`: language and theme, kept in cookies of this browser.

use axum::response::Response;
use http::header::SET_COOKIE;
use recado_kernel::Locale;
use serde::Deserialize;

use crate::web::cookies::{self, Life};
use crate::web::failure::Failure;
use crate::web::flash;
use crate::web::look::Theme;
use crate::web::posted::Posted;
use crate::web::visit::{Visit, safe_return};

const A_YEAR: Life = Life::Seconds(365 * 24 * 3600);

/// What the two switches send.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    tema: Option<String>,
    idioma: Option<String>,
    #[serde(default)]
    voltar: String,
}

/// Keeps the choice and goes back.
///
/// # Errors
/// A form that is not ours.
pub async fn keep(visit: Visit, Posted(wanted): Posted<Wanted>) -> Result<Response, Failure> {
    let secure = visit.panel.secure;
    let theme = wanted.tema.map(|theme| match Theme::from_name(&theme) {
        Theme::System => cookies::write(cookies::THEME, "", Life::Seconds(0), secure),
        theme => cookies::write(cookies::THEME, theme.name(), A_YEAR, secure),
    });
    let language = wanted.idioma.map(|tag| cookies::write(cookies::LANGUAGE, Locale::from_tag(&tag).tag(), A_YEAR, secure));
    let mut response = flash::go(safe_return(&wanted.voltar));
    for cookie in [theme, language].into_iter().flatten().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
