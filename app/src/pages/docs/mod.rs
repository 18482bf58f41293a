//! Documentation, open to everybody: the reference of the REST API, made of the description the server gives programs
//! (`/openapi.json`), and the quick start.

mod curl;
mod fields;
mod index;
mod markdown;
mod operation;
mod quickstart;
mod reader;
mod section;
mod spec;

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use crate::web::flash;
use crate::web::state::Panel;

const INDEX: &str = "/documentacao/api";
const QUICK_START: &str = "/documentacao/primeiros-passos";

/// The pages, and the short address people type.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route(INDEX, get(index::show))
        .route("/documentacao/api/{section}", get(section::show))
        .route(QUICK_START, get(quickstart::show))
        .route("/documentacao", get(moved))
        .route("/api", get(moved))
}

async fn moved() -> Response {
    flash::go(INDEX)
}
