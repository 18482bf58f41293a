//! Small marks that name a state in words; the colour only supports them.

use leptos::prelude::*;

/// How a state feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All well.
    Good,
    /// Needs attention soon.
    Warn,
    /// Wrong.
    Bad,
    /// Neither.
    Calm,
    /// News.
    Info,
}

impl Tone {
    /// The class of the stylesheet.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "badge good",
            Self::Warn => "badge warn",
            Self::Bad => "badge bad",
            Self::Calm => "badge",
            Self::Info => "badge info",
        }
    }
}

/// A state's mark.
pub fn badge(tone: Tone, label: impl Into<String>) -> AnyView {
    let label: String = label.into();
    view! { <span class=tone.class()>{label}</span> }.into_any()
}
