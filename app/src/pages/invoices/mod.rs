//! The customer's invoices.

mod document;
mod list;
mod show;

use axum::Router;
use axum::routing::get;

use crate::web::state::Panel;

pub use document::{document, how, line_name, state_badge};

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new().route("/faturas", get(list::show)).route("/faturas/{id}", get(show::show))
}
