//! Why a session gave no answer.

/// A refusal; nothing was changed. Texts: plugzapi-api.md 1.5.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// The session is not online.
    #[error("You need to be connected with whatsapp")]
    NotConnected,
    /// WhatsApp, or the engine's own storage, did not answer.
    #[error("Whatsapp did not respond")]
    Silent(String),
    /// The address names nobody this call could be about (no WhatsApp behind it, or a group where a person is meant).
    #[error("Invalid phone")]
    InvalidPhone,
    /// The group does not exist, or the number is not in it, or not one of its admins.
    #[error("GROUP_FORBIDDEN")]
    GroupForbidden,
    /// One of the numbers has no WhatsApp, or is not in the group.
    #[error("GROUP_ERROR_PHONE")]
    GroupPhone,
    /// There is no such tag.
    #[error("Tag not found")]
    UnknownTag,
    /// A picture that is neither an http(s) address nor a data URL of an image, or too large.
    #[error("the picture is invalid")]
    InvalidPicture,
    /// Not a colour of the palette.
    #[error("color is invalid")]
    InvalidColor,
    /// A text that is empty or too long.
    #[error("the text is invalid")]
    InvalidText,
    /// The engine cannot do this.
    #[error("this is not supported by the connection")]
    Unsupported,
}
