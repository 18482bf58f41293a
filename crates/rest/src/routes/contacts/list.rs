//! `GET /contacts`: the address book, whoever is in a chat, and the members of shared groups.

use axum::extract::State;
use recado_messaging::engine::directory::Contact as Known;
use serde::Serialize;
use utoipa::ToSchema;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::live;

/// One contact; what is not known is empty, never `null`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "phone": "5562988887777", "name": "Ana Souza", "short": "Ana", "vname": "Ana", "notify": "Ana" }))]
pub struct Contact {
    phone: String,
    name: String,
    short: String,
    vname: String,
    notify: String,
}

impl Contact {
    /// As clients know it: `name` and `short` come from the address book, `notify` is what the person shows.
    #[must_use]
    pub fn of(known: &Known) -> Self {
        let notify = known.notify.clone().unwrap_or_default();
        let saved = known.saved.as_ref();
        Self {
            phone: known.phone.as_str().to_owned(),
            name: saved.map(recado_messaging::engine::directory::NewContact::full_name).unwrap_or_default(),
            short: saved.map(|saved| saved.first_name.clone()).unwrap_or_default(),
            vname: notify.clone(),
            notify,
        }
    }
}

/// Query: `page`, `pageSize`.
///
/// # Errors
/// Not connected, numbers of letters.
#[utoipa::path(
    get,
    path = "/contacts",
    summary = "Listar contatos",
    description = "Contatos, também os membros dos grupos em comum, página por página.",
    params(
        ("page" = Option<i64>, Query, description = "Página, a partir de 1. Padrão: 1."),
        ("pageSize" = Option<i64>, Query, description = "Quantas por página: 1 a 5000. Padrão: 50."),
    ),
    responses((status = 200, description = "Uma página.", body = Vec<Contact>)),
    extensions(("x-refusals" = json!(["NotConnected", "pageSize is invalid"]))),
)]
pub async fn list(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Vec<Contact>> {
    let (session, page) = (live::session(&state, &caller)?, live::page(&params)?);
    let contacts = session.answer(session.directory().contacts(session.instance(), page)).await?;
    Ok(Reply::ok(contacts.iter().map(Contact::of).collect()))
}
