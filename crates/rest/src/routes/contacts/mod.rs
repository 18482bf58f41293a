//! Contacts, and who has a WhatsApp (plugzapi-api.md 2.7).

pub mod add;
pub mod batch;
pub mod block;
pub mod exists;
pub mod list;
pub mod picture;
pub mod remove;
pub mod show;

use axum::Router;
use axum::routing::{delete, get, post};

use super::of_instance;
use crate::RestState;

pub(super) fn routes() -> Router<RestState> {
    Router::new()
        .route(&of_instance("/contacts"), get(list::list))
        .route(&of_instance("/contacts/{phone}"), get(show::show))
        .route(&of_instance("/contacts/add"), post(add::add))
        .route(&of_instance("/contacts/remove"), delete(remove::remove))
        .route(&of_instance("/contacts/modify-blocked"), post(block::modify))
        .route(&of_instance("/phone-exists/{phone}"), get(exists::exists))
        .route(&of_instance("/phone-exists-batch"), post(batch::exist))
        .route(&of_instance("/profile-picture"), get(picture::show))
}
