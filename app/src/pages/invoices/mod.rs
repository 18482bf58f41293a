//! The customer's invoices.

mod document;
mod list;
mod pay;
mod payments;
mod show;

use axum::Router;
use axum::routing::get;

use crate::web::state::Panel;

pub use document::{document, how, line_name, state_badge};
pub use payments::payments;

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/faturas", get(list::show))
        .route("/faturas/{id}", get(show::show))
        .route("/faturas/{id}/ao-vivo", get(show::live))
}
