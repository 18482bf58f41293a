//! Names and cities as every bank's app can show them (billing.md 2.1).

use unicode_normalization::UnicodeNormalization as _;

/// Takes accents off (NFKD without combining marks), keeps `[A-Za-z0-9 .-]`, collapses spaces, cuts at `limit` characters. Case is
/// kept. The result is ASCII, so characters are bytes.
#[must_use]
pub fn normalise(text: &str, limit: usize) -> String {
    let mut plain = String::new();
    for c in text.nfkd().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-')) {
        if c != ' ' || !(plain.is_empty() || plain.ends_with(' ')) {
            plain.push(c);
        }
    }
    plain.truncate(limit);
    plain.truncate(plain.trim_end().len());
    plain
}
