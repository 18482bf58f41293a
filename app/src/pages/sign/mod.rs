//! Coming in: signing up and in, proving the address, forgotten passwords. No page here loads the client.

mod forgotten;
mod reset;
mod sign_in;
mod sign_out;
mod sign_up;
mod verify;

use axum::Router;
use axum::extract::RawQuery;
use axum::response::Response;
use axum::routing::{get, post};
use recado_accounts::{FORGOTTEN_PATH, RESET_PATH, SIGN_IN_PATH, VERIFY_PATH};

use crate::web::flash;
use crate::web::state::Panel;

const SIGN_IN: &str = "/entrar";
const VERIFY: &str = "/verificar";
const FORGOTTEN: &str = "/esqueci-senha";
const RESET: &str = "/redefinir-senha";

/// The pages, and the addresses that mails name where they differ.
pub fn routes() -> Router<Panel> {
    let mut router = Router::new()
        .route(SIGN_IN, get(sign_in::show).post(sign_in::enter))
        .route("/cadastro", get(sign_up::show).post(sign_up::register))
        .route(VERIFY, get(verify::show).post(verify::verify))
        .route("/verificar/reenviar", post(verify::resend))
        .route(FORGOTTEN, get(forgotten::show).post(forgotten::ask))
        .route(RESET, get(reset::show).post(reset::reset))
        .route("/sair", post(sign_out::leave));
    for (mailed, ours) in [(SIGN_IN_PATH, SIGN_IN), (VERIFY_PATH, VERIFY), (FORGOTTEN_PATH, FORGOTTEN), (RESET_PATH, RESET)] {
        if mailed != ours {
            router = router.route(mailed, get(move |query: RawQuery| moved(ours, query)));
        }
    }
    router
}

async fn moved(to: &'static str, RawQuery(query): RawQuery) -> Response {
    match query {
        Some(query) => flash::go(&format!("{to}?{query}")),
        None => flash::go(to),
    }
}
