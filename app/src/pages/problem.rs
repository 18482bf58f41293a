//! Friendly pages for what cannot be shown.

use axum::response::{Html, IntoResponse as _, Response};
use http::HeaderValue;
use http::header::{CONTENT_SECURITY_POLICY, RETRY_AFTER};
use leptos::prelude::*;

use crate::client::content_security_policy;
use crate::view::render;
use crate::view::shell::{Frame, shell};
use crate::web::failure::Failure;
use crate::web::look::Look;
use crate::web::state::Panel;
use crate::words::Words;

/// The page of a failure, outside the signed-in frame: it must work when the database does not.
pub fn page(panel: &Panel, look: Look, failure: &Failure) -> Response {
    let words = look.words();
    let (title, text) = texts(failure, words);
    let frame = Frame {
        title: title.to_owned(),
        look,
        viewer: None,
        place: None,
        islands: false,
        notice: None,
        form_key: String::new(),
        simulated: false,
    };
    let code = failure.status().as_u16().to_string();
    let body = || {
        view! {
            <div class="door-card problem">
                <span class="code" aria-hidden="true">{code}</span>
                <h1>{title}</h1>
                <p>{text}</p>
                <a class="button primary" href="/">{words.t("problem.home")}</a>
            </div>
        }
        .into_any()
    };
    let rendered = render::document(&panel.assets, &panel.leptos, || shell(frame, body()));
    let mut response = (failure.status(), Html(rendered.html)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(None)) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    if matches!(failure, Failure::Unavailable) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

fn texts(failure: &Failure, words: Words) -> (&'static str, &'static str) {
    match failure {
        Failure::NotFound | Failure::SignIn(_) => (words.t("problem.not_found.title"), words.t("problem.not_found.text")),
        Failure::Forbidden => (words.t("problem.forbidden.title"), words.t("problem.forbidden.text")),
        Failure::StaleForm => (words.t("problem.stale_form.title"), words.t("problem.stale_form.text")),
        Failure::BadRequest => (words.t("problem.bad_request.title"), words.t("problem.bad_request.text")),
        Failure::TooMany => (words.t("problem.too_many.title"), words.t("problem.too_many.text")),
        Failure::Unavailable => (words.t("problem.unavailable.title"), words.t("problem.unavailable.text")),
        Failure::Defect(_) => (words.t("problem.defect.title"), words.t("problem.defect.text")),
    }
}
