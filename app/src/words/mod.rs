//! The panel's words in every language it speaks, loaded from `app/locales/*.toml` at compile time.
//!
//! A key is the path in the file, `area.page.word`. Placeholders are written `{name}`. A key that does not exist shows itself, and
//! `tests` refuses keys that are used but missing, and files that do not say the same things.

mod catalogue;
mod format;
#[cfg(test)]
mod tests;

use recado_kernel::Locale;

use catalogue::catalogue;

/// The words of one language, handed to everything that writes a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    locale: Locale,
}

impl Words {
    /// Words in `locale`.
    #[must_use]
    pub const fn new(locale: Locale) -> Self {
        Self { locale }
    }

    /// The language.
    #[must_use]
    pub const fn locale(self) -> Locale {
        self.locale
    }

    /// The text of `key`, or the key itself when nobody wrote it.
    #[must_use]
    pub fn t(self, key: &'static str) -> &'static str {
        self.find(key).unwrap_or(key)
    }

    /// The text of a key made at run time (an event's wire name, a state), if there is one.
    #[must_use]
    pub fn find(self, key: &str) -> Option<&'static str> {
        catalogue(self.locale).get(key).map(String::as_str)
    }

    /// The text of `key` with its `{placeholders}` filled.
    #[must_use]
    pub fn with(self, key: &'static str, values: &[(&str, &str)]) -> String {
        fill(self.t(key), values)
    }

    /// The text of `key.one` or `key.other` by `count`, which also fills `{count}`.
    #[must_use]
    pub fn count(self, key: &str, count: i64) -> String {
        let form = if count == 1 { "one" } else { "other" };
        let text = self.find(&format!("{key}.{form}")).unwrap_or("{count}");
        fill(text, &[("count", &count.to_string())])
    }
}

/// Fills the placeholders of a text.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        filled.push_str(before);
        let Some((name, tail)) = after[1..].split_once('}') else {
            rest = after;
            break;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&after[..name.len() + 2]),
        }
        rest = tail;
    }
    // A lone brace keeps itself and what follows.
    filled + rest
}
