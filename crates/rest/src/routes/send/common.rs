//! What all sending routes have in common: the optional fields of plugzapi-api.md 2.2, files, and the answer.

use recado_kernel::WireId;
use recado_messaging::media::MediaSource;
use recado_messaging::net::AddressPolicy;
use recado_messaging::{AcceptMessage, MediaUse, MessageContent};

use crate::answer::{Answer, Reply, SendResult};
use crate::auth::Caller;
use crate::body::Fields;
use crate::{RestError, RestState};

/// Puts a content into the queue. Once the message is stored the answer is 200, whatever else happens (plugzapi-api.md 1.5, hard rule):
/// nothing after [`recado_messaging::Messaging::accept`] can fail.
pub(super) async fn accept(
    state: &RestState,
    caller: &Caller,
    body: &Fields,
    content: impl Into<MessageContent>,
    media: Vec<MediaSource>,
) -> Answer<SendResult> {
    accept_answer(state, caller, body, content, media, optional_id(body, "messageId")?).await
}

/// The same for routes whose `messageId` is not a message being answered.
pub(super) async fn accept_answer(
    state: &RestState,
    caller: &Caller,
    body: &Fields,
    content: impl Into<MessageContent>,
    media: Vec<MediaSource>,
    reply_to: Option<WireId>,
) -> Answer<SendResult> {
    let accept = AcceptMessage {
        media,
        delay_message: body.optional_integer("delayMessage")?,
        delay_typing: body.optional_integer("delayTyping")?,
        custom_id: body.optional_word("customId")?,
        reply_to,
        ..AcceptMessage::new(body.chat("phone")?, content.into())
    };
    let accepted = state.messaging.accept(&caller.access, accept).await?;
    Ok(Reply::ok(SendResult::new(accepted.message, &accepted.wire_id)))
}

/// The id of a message that may be named.
pub(super) fn optional_id(body: &Fields, name: &'static str) -> Result<Option<WireId>, RestError> {
    let named = body.optional_text(name)?.filter(|id| !id.trim().is_empty());
    named.map(WireId::parse).transpose().map_err(|_| RestError::Invalid(name))
}

/// The id of a message that must be named.
pub(super) fn id(body: &Fields, name: &'static str) -> Result<WireId, RestError> {
    optional_id(body, name)?.ok_or(RestError::Required(name))
}

/// A file that must be there.
pub(super) fn file(state: &RestState, body: &mut Fields, name: &'static str, usage: MediaUse) -> Result<MediaSource, RestError> {
    optional_file(state, body, name, usage)?.ok_or(RestError::Required(name))
}

/// A file that may be there.
pub(super) fn optional_file(
    state: &RestState,
    body: &mut Fields,
    name: &'static str,
    usage: MediaUse,
) -> Result<Option<MediaSource>, RestError> {
    let policy = AddressPolicy { allow_local: state.messaging.settings().allow_local_webhooks };
    let Some(text) = body.take_text(name)? else { return Ok(None) };
    MediaSource::parse(text, usage, policy).map(Some).map_err(|_| RestError::Invalid(name))
}

/// A text that may be empty.
pub(super) fn caption(body: &Fields, name: &'static str) -> Result<String, RestError> {
    Ok(body.optional_text(name)?.unwrap_or_default().to_owned())
}
