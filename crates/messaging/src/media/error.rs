//! Why a file is not in the store.

use recado_event_store::StoreError;

use crate::net::ForbiddenTarget;

/// What went wrong with a file. `Display` names no address and no content.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MediaError {
    /// Larger than its use permits.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// Its first bytes say that it is something else.
    #[error("the file is of another type")]
    WrongType,
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Not base64.
    #[error("the data URL cannot be read")]
    Malformed,
    /// Its address is not called.
    #[error(transparent)]
    Forbidden(#[from] ForbiddenTarget),
    /// Its address says no, for good.
    #[error("the address answers with status {0}")]
    Refused(u16),
    /// Its address does not answer, or broke off: may work later.
    #[error("the address does not answer: {0}")]
    Unreachable(String),
    /// Folder or bucket.
    #[error("the content store failed: {0}")]
    Files(String),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MediaError {
    /// May the same fetch work later?
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::Files(_) | Self::Store(_) | Self::Forbidden(ForbiddenTarget::Unresolvable))
    }

    /// The stored reason of a refusal.
    #[must_use]
    pub const fn as_reason(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "media_too_large",
            Self::WrongType | Self::Empty | Self::Malformed => "media_wrong_type",
            Self::Forbidden(_) | Self::Refused(_) | Self::Unreachable(_) => "media_unreachable",
            Self::Files(_) | Self::Store(_) => "media_not_stored",
        }
    }
}

impl From<sqlx::Error> for MediaError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
