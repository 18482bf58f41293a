//! The translation files as flat tables.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use recado_kernel::Locale;

/// Flat key to text.
pub type Catalogue = BTreeMap<String, String>;

const PT_BR: &str = include_str!("../../locales/pt-BR.toml");
const EN: &str = include_str!("../../locales/en.toml");

static PORTUGUESE: LazyLock<Catalogue> = LazyLock::new(|| read(PT_BR));
static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| read(EN));

/// The table of a language.
pub fn catalogue(locale: Locale) -> &'static Catalogue {
    match locale {
        Locale::PtBr => &PORTUGUESE,
        Locale::En => &ENGLISH,
    }
}

/// Flattens `[a.b] c = "text"` to `a.b.c`. A file that is not TOML gives an empty table; the tests refuse that.
fn read(source: &str) -> Catalogue {
    let mut flat = Catalogue::new();
    if let Ok(table) = source.parse::<toml::Table>() {
        flatten("", table, &mut flat);
    }
    flat
}

fn flatten(prefix: &str, table: toml::Table, flat: &mut Catalogue) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::String(text) => drop(flat.insert(key, text)),
            toml::Value::Table(inner) => flatten(&key, inner, flat),
            other => drop(flat.insert(key, other.to_string())),
        }
    }
}
