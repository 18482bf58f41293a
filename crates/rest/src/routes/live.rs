//! What the routes that ask WhatsApp have in common.

use axum::extract::RawPathParams;
use recado_kernel::ChatAddress;
use recado_messaging::LiveSession;
use recado_messaging::engine::directory::Page;

use crate::auth::{Caller, path_value};
use crate::body::Fields;
use crate::query::Params;
use crate::{RestError, RestState};

/// Entries of a page that names no size (plugzapi-api.md 2.7), and the most.
const PAGE: (u32, u32) = (50, 5_000);

/// The caller's session; `You need to be connected with whatsapp` at once while there is none.
///
/// # Errors
/// Not connected.
pub fn session<'a>(state: &'a RestState, caller: &Caller) -> Result<LiveSession<'a>, RestError> {
    Ok(state.messaging.live_session(&caller.access)?)
}

/// Query `page` (1) and `pageSize` (50, at most 5,000).
///
/// # Errors
/// Letters where numbers belong.
pub fn page(params: &Params) -> Result<Page, RestError> {
    Ok(Page { number: params.at_least_one("page", 1, u32::MAX)?, size: params.at_least_one("pageSize", PAGE.0, PAGE.1)? })
}

/// The other side named in the path as `{phone}`.
///
/// # Errors
/// `Invalid phone`.
pub fn chat_of_path(path: &RawPathParams) -> Result<ChatAddress, RestError> {
    path_value(path, "phone").parse().map_err(|_| RestError::InvalidPhone)
}

/// The group named in the path as `{group}`.
///
/// # Errors
/// `Invalid phone`.
pub fn group_of_path(path: &RawPathParams) -> Result<ChatAddress, RestError> {
    only_group(path_value(path, "group").parse().map_err(|_| RestError::InvalidPhone)?)
}

/// The group in a body: `groupId`, or `phone`.
///
/// # Errors
/// `groupId is required`, `Invalid phone`.
pub fn group_of_body(body: &Fields, name: &'static str) -> Result<ChatAddress, RestError> {
    let other = if name == "phone" { "groupId" } else { "phone" };
    match body.chat(name) {
        Err(missing @ RestError::Required(_)) => match body.chat(other) {
            Err(RestError::Required(_)) => Err(missing),
            found => only_group(found?),
        },
        found => only_group(found?),
    }
}

fn only_group(address: ChatAddress) -> Result<ChatAddress, RestError> {
    if address.is_group() { Ok(address) } else { Err(RestError::InvalidPhone) }
}

/// The field a session did not like: handlers know its name.
pub fn named(field: &'static str) -> impl Fn(RestError) -> RestError {
    move |error| if error == RestError::Invalid("value") { RestError::Invalid(field) } else { error }
}
