//! Groups (plugzapi-api.md 2.9).

pub mod change;
pub mod create;
pub mod invite;
pub mod leave;
pub mod list;
pub mod members;
pub mod metadata;
pub mod settings;

use members::Wish;
use utoipa_axum::routes;

use crate::describe::Router;

/// What is to happen to the people named: route, summary, what the description says.
const WISHES: [(Wish, &str, &str, &str); 6] = [
    (Wish::Add, "/add-participant", "Pôr gente no grupo", "Quem não pode ser posto pode ser convidado com `autoInvite`."),
    (Wish::Remove, "/remove-participant", "Tirar gente do grupo", "As pessoas deixam o grupo."),
    (Wish::Approve, "/approve-participant", "Aprovar pedidos de entrada", "Quem pediu entra."),
    (Wish::Reject, "/reject-participant", "Negar pedidos de entrada", "Quem pediu não entra."),
    (Wish::Promote, "/add-admin", "Promover a administrador", "As pessoas passam a administrar o grupo."),
    (Wish::Demote, "/remove-admin", "Tirar de administrador", "As pessoas deixam de administrar o grupo."),
];

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(list::list))
        .described(routes!(create::create))
        .described(routes!(change::subject))
        .described(routes!(change::picture))
        .described(routes!(change::description))
        .described(routes!(settings::update))
        .merge(members())
        .described(routes!(leave::leave))
        // PlugZapi shows these with POST (plugzapi-api.md 1.7).
        .described(routes!(metadata::whole))
        .described(routes!(metadata::light))
        .described(routes!(metadata::invited))
        .described(routes!(invite::show))
        .described(routes!(invite::renew))
        .described(routes!(invite::accept))
}

fn members() -> Router {
    WISHES.into_iter().fold(Router::new(), |router, (wish, path, summary, says)| {
        router.described_as::<members::__path_change>(path, None, members::route(wish), |operation| {
            operation.summary = Some(summary.to_owned());
            operation.description = Some(says.to_owned());
        })
    })
}
