//! Contacts, and who has a WhatsApp (plugzapi-api.md 2.7).

pub mod add;
pub mod batch;
pub mod block;
pub mod exists;
pub mod list;
pub mod picture;
pub mod remove;
pub mod show;

use utoipa_axum::routes;

use crate::describe::Router;

pub(super) fn routes() -> Router {
    Router::new()
        .described(routes!(list::list))
        .described(routes!(show::show))
        .described(routes!(add::add))
        .described(routes!(remove::remove))
        .described(routes!(block::modify))
        .described(routes!(exists::exists))
        .described(routes!(batch::exist))
        .described(routes!(picture::show))
}
