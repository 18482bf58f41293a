//! `/descadastro`: who asked not to be written to any more.

mod actions;
mod file;
mod list;
mod rules;

use axum::Router;
use axum::routing::{get, post};

use crate::web::state::Panel;
use crate::web::upload;

/// Where the list is.
const LIST: &str = "/descadastro";

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/descadastro", get(list::show))
        .route("/descadastro/adicionar", post(actions::add))
        .route("/descadastro/retirar", post(actions::remove))
        .route("/descadastro/importar", post(file::import).layer(upload::limit()))
        .route("/descadastro/exportar", post(file::export))
        .route("/descadastro/regras", get(rules::show).post(rules::save))
}
