//! What one wire type is, said beside the code that writes it.

use super::Version;

/// One sentence in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// English.
    pub en: &'static str,
    /// Brazilian Portuguese.
    pub pt: &'static str,
}

/// One wire type in its current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventDefinition {
    /// Wire name, e.g. `instance.created`.
    pub event_type: &'static str,
    /// Current version; grows when the encoding changes.
    pub version: Version,
    /// What it says happened.
    pub meaning: Meaning,
    /// Fields that hold personal data sealed under their subject's key.
    pub sealed: &'static [&'static str],
}
