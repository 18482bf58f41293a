//! The finance desk: months, what they cost whom, closing them, and why.

mod close;
mod invoice;
mod line;
mod month;
mod months;
mod settle;

use axum::Router;
use axum::routing::{get, post};
use leptos::prelude::AnyView;
use recado_billing::MonthState;

use crate::view::badge::{Tone, badge};
use crate::web::state::Panel;
use crate::words::Words;

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/financeiro", get(months::show))
        .route("/financeiro/{month}", get(month::show).post(close::close))
        .route("/financeiro/{month}/{account}/{line}", get(line::show))
        .route("/financeiro/faturas/{id}", get(invoice::show))
        .route("/financeiro/faturas/{id}/recebimento", post(settle::receive))
        .route("/financeiro/faturas/{id}/nota-de-credito", post(settle::credit))
        .route("/financeiro/faturas/{id}/cancelar", post(settle::void))
        .route("/financeiro/faturas/{id}/baixar", post(settle::write_off))
}

fn state_badge(words: Words, state: MonthState) -> AnyView {
    match state {
        MonthState::Running => badge(Tone::Info, words.t("month.running")),
        MonthState::ToClose => badge(Tone::Warn, words.t("month.to_close")),
        MonthState::Closed => badge(Tone::Good, words.t("month.closed")),
    }
}
