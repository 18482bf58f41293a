//! How a page is to look for this request: language, theme, and the address to come back to.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use recado_kernel::Locale;

use super::cookies;
use crate::words::Words;

/// Light, dark, or whatever the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The system's.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// As the cookie and the form write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Anything unknown is the system's.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// The `data-theme` attribute, absent for the system's.
    #[must_use]
    pub const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light | Self::Dark => Some(self.name()),
        }
    }
}

/// Language, theme and address of a request.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Language.
    pub locale: Locale,
    /// Theme.
    pub theme: Theme,
    /// Path of the page, for forms that come back.
    pub path: String,
}

impl Look {
    /// From cookies, then `Accept-Language`.
    #[must_use]
    pub fn of(headers: &HeaderMap, path: &str) -> Self {
        let locale =
            cookies::read(headers, cookies::LANGUAGE).map(Locale::from_tag).or_else(|| preferred(headers)).unwrap_or_default();
        let theme = cookies::read(headers, cookies::THEME).map(Theme::from_name).unwrap_or_default();
        Self { locale, theme, path: path.to_owned() }
    }

    /// The words of the language.
    #[must_use]
    pub const fn words(&self) -> Words {
        Words::new(self.locale)
    }
}

/// The first language of the header that we speak; its order is taken as the preference.
fn preferred(headers: &HeaderMap) -> Option<Locale> {
    let header = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    header.split(',').map(|tag| tag.trim().to_ascii_lowercase()).find_map(|tag| match tag.get(..2) {
        Some("pt") => Some(Locale::PtBr),
        Some("en") => Some(Locale::En),
        _ => None,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_wins_over_the_browser() {
        let mut headers = HeaderMap::new();
        assert_eq!(Look::of(&headers, "/").locale, Locale::PtBr);
        headers.insert(ACCEPT_LANGUAGE, "de, en-GB;q=0.8, pt;q=0.7".parse().unwrap());
        assert_eq!(Look::of(&headers, "/").locale, Locale::En);
        headers.insert(http::header::COOKIE, "recado_idioma=pt-BR; recado_tema=dark".parse().unwrap());
        let look = Look::of(&headers, "/");
        assert_eq!((look.locale, look.theme), (Locale::PtBr, Theme::Dark));
    }
}
