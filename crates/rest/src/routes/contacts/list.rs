//! `GET /contacts`: the address book, whoever is in a chat, and the members of shared groups.

use axum::extract::State;
use recado_messaging::engine::directory::Contact as Known;
use serde::Serialize;

use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::query::Params;
use crate::routes::live;

/// One contact; what is not known is empty, never `null`.
#[derive(Debug, Serialize)]
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
pub async fn list(State(state): State<RestState>, caller: Caller, params: Params) -> Answer<Vec<Contact>> {
    let (session, page) = (live::session(&state, &caller)?, live::page(&params)?);
    let contacts = session.answer(session.directory().contacts(session.instance(), page)).await?;
    Ok(Reply::ok(contacts.iter().map(Contact::of).collect()))
}
