//! `DELETE /contacts/remove`: names out of the address book.

use axum::extract::State;

use super::add::Done;
use crate::RestState;
use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::body::Deep;
use crate::routes::live;

/// Body: a JSON list of phones. Those that are not saved are no error.
///
/// # Errors
/// Not connected, the phones.
#[utoipa::path(
    delete,
    path = "/contacts/remove",
    summary = "Remover contatos",
    description = "O corpo é uma lista de telefones. Os que não estão salvos não são erro.",
    request_body(content = Vec<String>, example = json!(["5562988887777"])),
    responses((status = 200, description = "Feito.", body = Done)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone"]))),
)]
pub async fn remove(State(state): State<RestState>, caller: Caller, body: Deep) -> Answer<Done> {
    let session = live::session(&state, &caller)?;
    let phones = body.phones("phones")?;
    session.answer(session.directory().remove_contacts(session.instance(), &phones)).await?;
    Ok(Reply::ok(Done::whole()))
}
