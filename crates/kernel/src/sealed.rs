//! Personal data inside events: only ever in sealed form (architecture 3, "Vault").

use serde::{Deserialize, Serialize};

/// A text encrypted under its data subject's key: `subject key id . base64`. Only the vault opens it; after the subject's key
/// is destroyed nobody can. Two seals of the same text differ, so never compare sealed values: compare keyed digests.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl Sealed {
    /// Wraps what the vault produced.
    #[must_use]
    pub const fn from_token(token: String) -> Self {
        Self(token)
    }

    /// The stored form.
    #[must_use]
    pub fn as_token(&self) -> &str {
        &self.0
    }
}
