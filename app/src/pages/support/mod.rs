//! The support desk: finding an account, and its time line as sentences. Every read is written on the account's own time line.

mod account;
mod archived;
mod causes;
mod export;
mod fields;
mod list;
mod partner_tokens;
mod people;
mod privacy;
mod seal;
mod search;
mod state;
mod tell;
mod thing;

use axum::Router;
use axum::routing::{get, post};

use crate::web::state::Panel;

pub use export::{Period as ExportForm, period_fields};
pub use list::timeline_list;
pub use people::system;
pub use tell::{Told, tell};

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/suporte", get(search::show))
        .route("/suporte/contas/{id}", get(account::show))
        .route("/suporte/contas/{id}/porque", get(causes::show))
        .route("/suporte/contas/{id}/estado", get(state::show))
        .route("/suporte/contas/{id}/exportar", post(export::download))
        .route("/suporte/contas/{id}/integradores", get(partner_tokens::show).post(partner_tokens::create))
        .route("/suporte/contas/{id}/integradores/revogar", post(partner_tokens::revoke))
        .route("/suporte/contas/{id}/privacidade", get(privacy::show).post(privacy::erase))
}
