//! The simulated WhatsApp, as a person sees it: virtual telephones that scan, receive, read and answer. Always labelled as simulated.

mod actions;
mod attach;
mod bubble;
mod choices;
mod composer;
mod content;
mod file;
mod gestures;
mod ground;
mod kinds;
mod list;
mod phone;
mod signals;

use axum::Router;
use axum::routing::{get, post};
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_engine_sim::{Sim, SimError};
use recado_kernel::AccountId;

use crate::view::icons::{Icon, icon};
use crate::web::failure::Failure;
use crate::web::state::Panel;
use crate::web::upload;
use crate::web::visit::Member;
use crate::words::Words;

/// The pages; they answer 404 where no simulator runs.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/simulador", get(list::show))
        .route("/simulador/escanear", post(actions::scan))
        .route("/simulador/telefones/{number}", get(phone::show))
        .route("/simulador/telefones/{number}/ao-vivo", get(phone::live))
        .route("/simulador/telefones/{number}/gesto", post(signals::make))
        .route("/simulador/telefones/{number}/ler", post(actions::read))
        .route("/simulador/telefones/{number}/enviar", post(actions::say))
        .route("/simulador/telefones/{number}/exemplo", post(attach::sample))
        .route("/simulador/telefones/{number}/anexar", post(attach::file).layer(upload::limit()))
        .route("/simulador/telefones/{number}/lugar", post(attach::place))
        .route("/simulador/telefones/{number}/contato", post(attach::contact))
        .route("/simulador/telefones/{number}/enquete", post(attach::poll))
        .route("/simulador/telefones/{number}/apertar", post(gestures::press))
        .route("/simulador/telefones/{number}/escolher", post(gestures::choose))
        .route("/simulador/telefones/{number}/votar", post(gestures::vote))
        .route("/simulador/telefones/{number}/reagir", post(gestures::react))
        .route("/simulador/telefones/{number}/editar", post(gestures::edit))
        .route("/simulador/telefones/{number}/apagar", post(gestures::delete))
        .route("/simulador/telefones/{number}/encaminhar", post(gestures::forward))
        .route("/simulador/telefones/{number}/ouvir", post(gestures::play))
        .route("/simulador/telefones/{number}/arquivo/{message}/{part}", get(file::show))
        .route("/simulador/telefones/{number}/desvincular", post(actions::unlink))
        .route("/simulador/telefones/{number}/ligar", post(actions::switch))
}

/// The simulator and the tenant whose telephones are shown.
fn desk(member: &Member) -> Result<(Sim, AccountId), Failure> {
    let sim = member.panel.sim.clone().ok_or(Failure::NotFound)?;
    Ok((sim, member.require(Permission::ManageInstances)?))
}

impl From<SimError> for Failure {
    fn from(error: SimError) -> Self {
        match error {
            SimError::Store(error) => error.into(),
            SimError::UnknownMessage => Self::NotFound,
            other => Self::Defect(other.to_string()),
        }
    }
}

/// Says what this is.
fn banner(words: Words) -> AnyView {
    view! {
        <p class="notice warn">{icon(Icon::Flask)}<span><span class="stamp">{words.t("simulator.stamp")}</span>" "{words.t("simulator.banner")}</span></p>
    }
    .into_any()
}
