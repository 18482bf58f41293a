//! The routes that are built, one file each. What is documented but not built stands in [`crate::catalogue`].

pub mod chats;
pub mod contacts;
pub mod events;
pub mod groups;
pub mod instance;
pub mod integrator;
pub mod live;
pub mod messages;
pub mod queue;
pub mod send;
pub mod tags;
pub mod webhooks;

use crate::describe::Router;

/// Where an instance's routes begin.
pub const INSTANCE: &str = "/instances/{instance}/token/{token}";

/// The full pattern of an instance's `action`, which begins with a slash.
#[must_use]
pub fn of_instance(action: &str) -> String {
    format!("{INSTANCE}{action}")
}

/// Every built route. The section is the one of the reference it is described in.
#[must_use]
pub fn routes() -> Router {
    Router::new()
        .section("Instância", instance::routes())
        .section("Envio", send::routes())
        .section("Mensagens", messages::routes())
        .section("Fila", queue::routes())
        .section("Configuração de webhooks", webhooks::routes())
        .section("Entregas e eventos", webhooks::delivery_routes().merge(events::routes()))
        .section("Contatos", contacts::routes())
        .section("Conversas", chats::routes())
        .section("Grupos", groups::routes())
        .section("Etiquetas", tags::routes())
        .section("Integrador", integrator::routes())
}
