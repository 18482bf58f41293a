//! Instances: the list, one of them, its settings, queue and deliveries.

mod actions;
mod behaviour;
mod connection;
mod deliveries;
mod edit;
mod list;
mod new;
mod plan;
mod queue;
mod show;
mod states;
mod webhooks;

use axum::Router;
use axum::routing::{get, post};
use leptos::prelude::*;
use recado_accounts::Permission;
use recado_kernel::{AccountId, InstanceId};
use recado_messaging::InstanceView;

use crate::web::failure::Failure;
use crate::web::state::Panel;
use crate::web::visit::Member;
use crate::words::Words;

pub use states::{connection_badge, payment_badge};

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/instancias", get(list::show))
        .route("/instancias/nova", get(new::show).post(new::create))
        .route("/instancias/{id}", get(show::show))
        .route("/instancias/{id}/ao-vivo", get(connection::live))
        .route("/instancias/{id}/conectar", post(actions::connect))
        .route("/instancias/{id}/desconectar", post(actions::disconnect))
        .route("/instancias/{id}/reiniciar", post(actions::restart))
        .route("/instancias/{id}/assinar", post(actions::subscribe))
        .route("/instancias/{id}/cancelar-assinatura", post(actions::cancel_subscription))
        .route("/instancias/{id}/novo-token", post(actions::rotate_token))
        .route("/instancias/{id}/editar", get(edit::show).post(edit::save))
        .route("/instancias/{id}/editar/comportamento", post(behaviour::save))
        .route("/instancias/{id}/editar/webhooks", get(webhooks::show).post(webhooks::save))
        .route("/instancias/{id}/fila", get(queue::show))
        .route("/instancias/{id}/fila/ao-vivo", get(queue::live))
        .route("/instancias/{id}/fila/cancelar", post(queue::cancel))
        .route("/instancias/{id}/fila/esvaziar", post(queue::cancel_all))
        .route("/instancias/{id}/entregas", get(deliveries::show))
        .route("/instancias/{id}/entregas/reenviar", post(deliveries::resend))
}

/// The instance of the path, if it is this person's and they may do this with it. Somebody else's is not found.
async fn own(member: &Member, id: &str, permission: Permission) -> Result<(AccountId, InstanceView), Failure> {
    let account = member.require(permission)?;
    let id: InstanceId = id.parse().map_err(|_| Failure::NotFound)?;
    Ok((account, member.panel.messaging.instance(account, id).await?))
}

/// The address of an instance's page.
fn address(view: &InstanceView) -> String {
    format!("/instancias/{}", view.id.public())
}

/// The pages of one instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Overview,
    Queue,
    Deliveries,
    Edit,
}

/// The way between the pages of one instance.
fn tabs(words: Words, member: &Member, view: &InstanceView, current: Tab) -> AnyView {
    let base = address(view);
    let all = [
        (Tab::Overview, Permission::ViewInstances, base.clone(), "instance.tab.overview"),
        (Tab::Queue, Permission::ReadMessages, format!("{base}/fila"), "instance.tab.queue"),
        (Tab::Deliveries, Permission::ReadMessages, format!("{base}/entregas"), "instance.tab.deliveries"),
        (Tab::Edit, Permission::ManageInstances, format!("{base}/editar"), "instance.tab.edit"),
    ];
    let links = all
        .into_iter()
        .filter(|(_, permission, ..)| member.principal.may(*permission))
        .map(|(tab, _, href, word)| {
            let here = (tab == current).then_some("page");
            view! { <a class="tab" href=href aria-current=here>{words.t(word)}</a> }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=words.t("instance.tab.label")>{links}</nav> }.into_any()
}
