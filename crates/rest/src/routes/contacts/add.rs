//! `POST /contacts/add`: names into the address book.

use axum::extract::State;
use recado_messaging::engine::directory::NewContact;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::answer::{Answer, Reply};
use crate::auth::Caller;
use crate::body::{Deep, Fields, written};
use crate::routes::live::{self, named};
use crate::{RestError, RestState};

/// Most entries of one request.
const MOST: usize = 5_000;

/// What came of it: `errors` names those that were left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactsDone, example = json!({ "success": true, "errors": [] }))]
pub struct Done {
    success: bool,
    errors: Vec<Refused>,
}

impl Done {
    /// Everything was done.
    #[must_use]
    pub const fn whole() -> Self {
        Self { success: true, errors: vec![] }
    }
}

/// One that was left out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactRefused)]
pub struct Refused {
    phone: String,
    error: &'static str,
}

crate::body! {
    /// One of the list that `POST /contacts/add` takes.
    pub AddContactsBody {
        text("firstName", "Nome.").required(),
        text("lastName", "Sobrenome."),
        phone(),
    }
    example { "firstName": "Ana", "lastName": "Souza", "phone": "5562988887777" }
}

/// Body: a list of `{firstName, lastName?, phone}`. A malformed entry refuses all; a number without WhatsApp is left out and named.
///
/// # Errors
/// Not connected, the fields.
#[utoipa::path(
    post,
    path = "/contacts/add",
    summary = "Salvar contatos",
    description = "O corpo é uma lista. Um item malformado recusa todos; um número sem WhatsApp fica de fora e vem em `errors`.",
    request_body(content = Vec<AddContactsBody>),
    responses((status = 200, description = "Feito.", body = Done)),
    extensions(("x-refusals" = json!(["NotConnected", "InvalidPhone", "contacts is required"]))),
)]
pub async fn add(State(state): State<RestState>, caller: Caller, body: Deep) -> Answer<Done> {
    let session = live::session(&state, &caller)?;
    let list = body.list("contacts")?;
    if list.is_empty() {
        return Err(RestError::Required("contacts"));
    }
    if list.len() > MOST {
        return Err(RestError::Invalid("contacts"));
    }
    let contacts = list.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let saved = session.answer(session.directory().save_contacts(session.instance(), &contacts)).await;
    let absent = saved.map_err(RestError::from).map_err(named("firstName"))?;
    let errors: Vec<_> = absent.into_iter().map(|phone| Refused { phone: phone.into(), error: "Phone not exists" }).collect();
    Ok(Reply::ok(Done { success: errors.len() < contacts.len(), errors }))
}

fn entry(value: &Value) -> Result<NewContact, RestError> {
    let Value::Object(map) = value else { return Err(RestError::Invalid("contacts")) };
    let fields = Fields::new(map.clone());
    let phone = value.get("phone").filter(|phone| !phone.is_null()).ok_or(RestError::Required("phone"))?;
    Ok(NewContact {
        phone: written(phone).and_then(|text| text.parse().ok()).ok_or(RestError::InvalidPhone)?,
        first_name: fields.text("firstName")?.to_owned(),
        last_name: fields.optional_text("lastName")?.map(str::trim).filter(|last| !last.is_empty()).map(str::to_owned),
    })
}
