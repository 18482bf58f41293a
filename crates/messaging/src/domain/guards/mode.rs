//! How strictly a guard is meant.

use serde::{Deserialize, Serialize};

/// What a guard does when its rule is not kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardMode {
    /// Nothing.
    Off,
    /// The panel says so.
    #[default]
    Advise,
    /// What breaks the rule is refused.
    Enforce,
}

impl GuardMode {
    /// Every mode, mildest first.
    pub const ALL: [Self; 3] = [Self::Off, Self::Advise, Self::Enforce];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Advise => "advise",
            Self::Enforce => "enforce",
        }
    }

    /// Reads the stored name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }
}
