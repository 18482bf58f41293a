//! The health of the installation, for the operator's people: projections, work, what holds readers back, servers.

mod chart;
mod minutes;
mod projections;
mod show;
mod work;

use axum::Router;
use axum::routing::get;

use crate::web::state::Panel;

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new().route("/sistema", get(show::show)).route("/sistema/ao-vivo", get(show::live))
}
