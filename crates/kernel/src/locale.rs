//! Languages of the panel and of e-mails.

use serde::{Deserialize, Serialize};

/// Brazilian Portuguese first, English second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Locale {
    /// pt-BR.
    #[default]
    #[serde(rename = "pt-BR")]
    PtBr,
    /// en.
    #[serde(rename = "en")]
    En,
}

impl Locale {
    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
        }
    }

    /// The locale a tag asks for; Portuguese for everything we do not speak.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag.trim().to_ascii_lowercase().starts_with("en") { Self::En } else { Self::PtBr }
    }
}
