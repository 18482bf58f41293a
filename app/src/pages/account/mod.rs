//! The account: who it is, its password, its tokens.

mod history;
mod ip_list;
mod password;
mod profile;
mod show;
mod tokens;

use axum::Router;
use axum::routing::{get, post};

use crate::web::state::Panel;

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/conta", get(show::show))
        .route("/conta/dados", post(profile::save))
        .route("/conta/exportar", post(history::export))
        .route("/conta/enderecos", post(ip_list::save))
        .route("/conta/senha", post(password::change))
        .route("/conta/client-token/ativar", post(tokens::activate))
        .route("/conta/client-token/trocar", post(tokens::rotate_client_token))
        .route("/conta/partner-token/trocar", post(tokens::rotate_partner_token))
}
