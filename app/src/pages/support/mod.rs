//! The support desk: finding an account, and its time line as sentences. Every read is written on the account's own time line.

mod account;
mod fields;
mod list;
mod people;
mod privacy;
mod search;
mod tell;

use axum::Router;
use axum::routing::get;

use crate::web::state::Panel;

pub use list::timeline_list;
pub use people::system;
pub use tell::{Told, tell};

/// The pages.
pub fn routes() -> Router<Panel> {
    Router::new()
        .route("/suporte", get(search::show))
        .route("/suporte/contas/{id}", get(account::show))
        .route("/suporte/contas/{id}/privacidade", get(privacy::show).post(privacy::erase))
}
