//! Looking for a text wherever it may hide: as it is, as hexadecimal digits, as base64 at any offset.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What must not be found.
pub struct Secret {
    pub what: &'static str,
    /// Personal data may stand in clear where read models and the virtual phones need it.
    pub personal: bool,
    forms: Vec<Vec<u8>>,
}

impl Secret {
    pub fn new(what: &'static str, text: &str) -> Self {
        assert!(text.len() >= 8, "{what} is too short to be told from chance: {text}");
        Self { what, personal: false, forms: forms(text) }
    }

    pub fn personal(what: &'static str, text: &str) -> Self {
        Self { personal: true, ..Self::new(what, text) }
    }
}

/// All secrets, looked for in one pass: hundreds of forms in tens of megabytes.
pub struct Search<'a> {
    secrets: &'a [Secret],
    /// Does any form begin with these two bytes?
    begins: Vec<bool>,
}

impl<'a> Search<'a> {
    pub fn new(secrets: &'a [Secret]) -> Self {
        let mut begins = vec![false; 1 << 16];
        for form in secrets.iter().flat_map(|secret| &secret.forms) {
            begins[pair(form[0], form[1])] = true;
        }
        Self { secrets, begins }
    }

    /// Each secret that is there, with a piece of its surroundings.
    pub fn all_in(&self, haystack: &[u8]) -> Vec<(&'a Secret, String)> {
        let mut found: Vec<(&Secret, String)> = vec![];
        for (at, two) in haystack.windows(2).enumerate() {
            if !self.begins[pair(two[0], two[1])] {
                continue;
            }
            for secret in self.secrets {
                let is_here = secret.forms.iter().any(|form| haystack[at..].starts_with(form));
                if is_here && !found.iter().any(|(known, _)| std::ptr::eq(*known, secret)) {
                    let around = &haystack[at.saturating_sub(120)..haystack.len().min(at + 120)];
                    found.push((secret, String::from_utf8_lossy(around).replace('\n', " ")));
                }
            }
        }
        found
    }
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

fn forms(text: &str) -> Vec<Vec<u8>> {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped = serde_json::to_string(text).unwrap();
    let mut forms = vec![text.as_bytes().to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()];
    forms.push(escaped.trim_matches('"').as_bytes().to_vec());
    for offset in 0..3 {
        let padded = [vec![0; offset], text.as_bytes().to_vec()].concat();
        for encoded in [STANDARD_NO_PAD.encode(&padded), URL_SAFE_NO_PAD.encode(&padded)] {
            // The characters at both ends depend on the neighbours.
            let (first, whole) = ([0, 2, 3][offset], padded.len() / 3 * 4);
            forms.push(encoded.as_bytes()[first..whole].to_vec());
        }
    }
    forms.sort();
    forms.dedup();
    forms
}

/// Every table outside PostgreSQL's own schemas with all its rows as text (bytea as hexadecimal digits).
pub async fn tables(pool: &sqlx::PgPool) -> Vec<(String, String)> {
    let names: Vec<(String, String)> = sqlx::query_as(
        "SELECT tablename::text, format('%I.%I', schemaname, tablename) FROM pg_tables
          WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut tables = vec![];
    for (name, quoted) in names {
        let rows: Vec<String> = sqlx::query_scalar(&format!("SELECT t::text FROM {quoted} t")).fetch_all(pool).await.unwrap();
        tables.push((name, rows.join("\n")));
    }
    tables
}

/// Every file below `folder`.
pub fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            found.extend(files(&path));
        } else if kind.is_file() {
            found.push((path.clone(), std::fs::read(&path).unwrap_or_default()));
        }
    }
    found
}

#[test]
fn a_text_is_found_in_every_disguise() {
    let secrets = [Secret::new("other", "never to be seen"), Secret::new("test", "Pão quentinho às 7h")];
    let search = Search::new(&secrets);
    let is_in = |haystack: &[u8]| search.all_in(haystack).iter().map(|(secret, _)| secret.what).collect::<Vec<_>>() == ["test"];
    let bytes = "xxPão quentinho às 7hyy".as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    for hidden in [bytes.to_vec(), hex.into_bytes(), serde_json::to_vec("Pão quentinho às 7h").unwrap()] {
        assert!(is_in(&hidden));
    }
    for offset in 0..5 {
        let around = [vec![b'q'; offset], "Pão quentinho às 7h".as_bytes().to_vec(), b"tail".to_vec()].concat();
        assert!(is_in(STANDARD_NO_PAD.encode(&around).as_bytes()), "base64 at offset {offset}");
    }
    assert!(!is_in("Pão de ontem às 7h, quentinho".as_bytes()));
}
