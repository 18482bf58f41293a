//! On and off the list by hand.

use axum::response::Response;
use recado_accounts::Permission;
use recado_kernel::ChatAddress;
use recado_messaging::MessagingError;
use serde::Deserialize;
use uuid::Uuid;

use super::LIST;
use super::list::{Outcome, after};
use crate::web::failure::Failure;
use crate::web::posted::Posted;
use crate::web::visit::Member;

/// Who, and why.
#[derive(Debug, Deserialize)]
pub struct AddForm {
    #[serde(default)]
    telefone: String,
    #[serde(default)]
    motivo: String,
}

/// Puts a contact on the list.
///
/// # Errors
/// Not allowed, or the database.
pub async fn add(member: Member, Posted(form): Posted<AddForm>) -> Result<Response, Failure> {
    let account = member.require(Permission::SendMessages)?;
    let messaging = &member.panel.messaging;
    let refused = match form.telefone.parse::<ChatAddress>() {
        Err(_) => "refusal.phone_invalid",
        Ok(who) => match messaging.opt_out_by_hand(member.meta(account), &who, Some(&form.motivo)).await {
            Ok(done) => {
                messaging.opt_out_visible(done.position).await;
                let notice = if done.changed { "notice.opted_out" } else { "notice.opted_out_already" };
                return Ok(member.go_with(LIST, notice));
            }
            Err(MessagingError::NotAPerson) => "error.not_a_person",
            Err(MessagingError::Reason) => "refusal.reason",
            Err(error) => return Err(error.into()),
        },
    };
    let typed = Some((form.telefone, form.motivo, refused));
    after(&member, account, &Outcome { typed, ..Outcome::default() }).await
}

/// Whom, and why.
#[derive(Debug, Deserialize)]
pub struct RemoveForm {
    #[serde(default)]
    contato: String,
    #[serde(default)]
    motivo: String,
}

/// Takes a contact off the list.
///
/// # Errors
/// Not found, not allowed, or the database.
pub async fn remove(member: Member, Posted(form): Posted<RemoveForm>) -> Result<Response, Failure> {
    let account = member.require(Permission::SendMessages)?;
    let id = Uuid::parse_str(&form.contato).map_err(|_| Failure::NotFound)?;
    let messaging = &member.panel.messaging;
    match messaging.opt_in_by_hand(member.meta(account), id, &form.motivo).await {
        Ok(done) => {
            messaging.opt_out_visible(done.position).await;
            Ok(member.go_with(LIST, "notice.opted_in"))
        }
        Err(MessagingError::Reason) => Ok(member.go_with(LIST, "refusal.reason")),
        Err(MessagingError::NotOnList) => Err(Failure::NotFound),
        Err(error) => Err(error.into()),
    }
}
