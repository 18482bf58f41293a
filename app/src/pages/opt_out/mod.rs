//! `/descadastro`: who asked not to be written to any more.

mod actions;
mod file;
mod list;
mod rules;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use recado_messaging::LARGEST_FILE;

use crate::web::state::Panel;

/// Where the list is.
const LIST: &str = "/descadastro";
/// What a form puts around a file.
const AROUND_FILE: usize = 16 * 1024;

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/descadastro", get(list::show))
        .route("/descadastro/adicionar", post(actions::add))
        .route("/descadastro/retirar", post(actions::remove))
        .route("/descadastro/importar", post(file::import).layer(DefaultBodyLimit::max(LARGEST_FILE + AROUND_FILE)))
        .route("/descadastro/exportar", post(file::export))
        .route("/descadastro/regras", get(rules::show).post(rules::save))
}
