//! Every page, by area. One file per page: what it needs, what it shows, what its forms do.

mod account;
mod dev;
mod docs;
mod finance;
mod home;
mod instances;
mod invoices;
mod names;
mod opt_out;
mod preferences;
pub mod problem;
mod sign;
mod simulator;
mod support;
mod system;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use crate::web::failure::{Failure, friendly};
use crate::web::headers::secure;
use crate::web::state::{Panel, PanelState};

/// The whole panel, without `/assets` (the server's) and the REST API. Addresses it does not know are not answered here unless the
/// server makes [`not_found`] its fallback.
pub fn router(state: PanelState) -> Router {
    let panel = Panel::new(state);
    Router::new()
        .route("/", get(home::show))
        .route("/preferencias", post(preferences::keep))
        .merge(sign::routes())
        .merge(instances::routes())
        .merge(opt_out::routes())
        .merge(invoices::routes())
        .merge(account::routes())
        .merge(finance::routes())
        .merge(support::routes())
        .merge(system::routes())
        .merge(simulator::routes())
        .merge(docs::routes())
        .merge(dev::routes())
        .fallback(not_found)
        .layer(from_fn_with_state(panel.clone(), friendly))
        .layer(from_fn(secure))
        .with_state(panel)
}

/// The page for addresses nobody knows.
pub async fn not_found() -> Failure {
    Failure::NotFound
}
