//! How a content lies in a row: what is read of it in a list of chats, and the whole, both encrypted.

use recado_event_store::{Platform, StoreError};
use recado_kernel::WireId;
use recado_messaging::domain::message::{MessageContent, MessageKind, TextContent};
use sqlx::Row as _;
use sqlx::postgres::PgRow;

use super::messages::TEXT_PURPOSE;

const CONTENT_PURPOSE: &str = "sim-phone-content";

/// Columns `text_protected` and `content_protected`; the second only for what is more than a text.
pub(crate) fn seal(platform: &Platform, content: &MessageContent) -> Result<(String, Option<String>), StoreError> {
    let text = platform.vault.protect(TEXT_PURPOSE, content.as_text())?;
    if let MessageContent::Text(plain) = content
        && *plain == (TextContent { text: plain.text.clone(), edits: plain.edits.clone(), ..TextContent::default() })
    {
        return Ok((text, None));
    }
    let json = serde_json::to_string(content).map_err(|error| StoreError::Unreadable(error.to_string()))?;
    Ok((text, Some(platform.vault.protect(CONTENT_PURPOSE, &json)?)))
}

/// The content of a row with the columns `text_protected`, `content_protected`, `about`.
pub(crate) fn open(platform: &Platform, row: &PgRow) -> Result<MessageContent, StoreError> {
    let unreadable = |column: &str| StoreError::Unreadable(format!("sim_message.{column}"));
    match row.try_get::<Option<String>, _>("content_protected")? {
        Some(sealed) => {
            let json = platform.vault.reveal(CONTENT_PURPOSE, &sealed)?;
            serde_json::from_str(&json).map_err(|_| unreadable("content_protected"))
        }
        None => {
            let about: Option<String> = row.try_get("about")?;
            let edits = about.map(|id| WireId::parse(&id).map_err(|_| unreadable("about"))).transpose()?;
            let text = platform.vault.reveal(TEXT_PURPOSE, row.try_get("text_protected")?)?;
            Ok(TextContent { text, edits, ..TextContent::default() }.into())
        }
    }
}

/// A stored kind.
pub(crate) fn kind(name: &str) -> Result<MessageKind, StoreError> {
    let found = MessageKind::ALL.iter().find(|kind| kind.as_str() == name);
    found.copied().ok_or_else(|| StoreError::Unreadable("sim_message.kind".into()))
}

/// The message that this content is about, when it has no bubble of its own.
pub(crate) fn about(content: &MessageContent) -> Option<&WireId> {
    match content {
        MessageContent::Reaction(reaction) => Some(&reaction.target),
        MessageContent::PollVote(vote) => Some(&vote.poll),
        MessageContent::Revoke(revoke) => Some(&revoke.target),
        other => other.edits(),
    }
}
