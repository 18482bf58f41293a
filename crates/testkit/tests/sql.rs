//! SQL is checked: every statement written as a literal in the sources is prepared by a real PostgreSQL with our schema.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::path::{Path, PathBuf};

use recado_testkit::TestDatabase;
use sqlx::Executor as _;

/// String literals of `source` that start like a statement. Literals with `{` are templates of `format!` and are covered by the tests
/// that run them.
fn statements(source: &str) -> Vec<String> {
    let bytes = source.as_bytes();
    let mut found = vec![];
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => at += source[at..].find('\n').unwrap_or(source.len() - at),
            b'\'' if bytes.get(at + 2) == Some(&b'\'') => at += 3,
            b'"' => {
                let raw = at > 0 && (bytes[at - 1] == b'r' || bytes[at - 1] == b'#');
                let (text, length) = literal(&source[at + 1..], raw);
                // In capitals, as all statements are: "with a key" is English.
                let begins = |verb: &&str| text.trim_start().starts_with(verb);
                if ["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM ", "WITH "].iter().any(begins) && !text.contains('{') {
                    found.push(text);
                }
                at += length + 2;
            }
            _ => at += 1,
        }
    }
    found
}

/// The literal that begins here (after the quote) and its length in the source.
fn literal(rest: &str, raw: bool) -> (String, usize) {
    let mut text = String::new();
    let mut characters = rest.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return (text, index),
            '\\' if !raw => match characters.next() {
                Some((_, 'n')) => text.push('\n'),
                // A backslash at the end of a line swallows the indentation of the next.
                Some((_, '\n')) => text.push(' '),
                Some((_, other)) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    (text, rest.len())
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        // Measurements speak to other libraries' schemas.
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("tests") && !path.ends_with("crates/bench") {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[tokio::test]
async fn every_statement_in_the_sources_is_understood_by_postgresql() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = vec![];
    for folder in ["crates", "app/src", "server/src"] {
        rust_files(&root.join(folder), &mut files);
    }
    let database = TestDatabase::create().await;
    let mut checked = 0;
    let mut refused = vec![];
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        let product = source.split("#[cfg(test)]").next().unwrap();
        for statement in statements(product) {
            checked += 1;
            if let Err(error) = database.pool.prepare(&statement).await {
                refused.push(format!("{}: {error}\n{statement}", file.strip_prefix(&root).unwrap().display()));
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n\n"));
    assert!(checked > 40, "only {checked} statements found: is the search broken?");
}

#[test]
fn finds_statements_in_all_their_spellings() {
    let source = r#"let a = "SELECT 1"; let b = "not sql"; // "SELECT comment"
        let c = "UPDATE x \
                 SET y = '\"'"; let d = format!("SELECT {}", 1); let e = '"'; let f = "DELETE FROM z";"#;
    let found: Vec<String> =
        statements(source).iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(found, ["SELECT 1", "UPDATE x SET y = '\"'", "DELETE FROM z"]);
}

/// After a restored dump was repaired the log's clock is ahead of PostgreSQL's own: who asks PostgreSQL itself how far may be read would
/// read nothing for years.
#[test]
fn nobody_but_the_repair_asks_postgresql_for_the_horizon() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = vec![];
    for folder in ["crates", "app/src", "server/src"] {
        rust_files(&root.join(folder), &mut files);
    }
    // Fencing tokens only have to grow; how long transactions are open is the cluster's matter.
    let may = ["repair.rs", "work/claim.rs", "lease.rs", "health/transactions.rs"];
    let may = may.map(|file| Path::new("crates/event-store/src").join(file));
    let offenders: Vec<String> = files
        .iter()
        .filter_map(|file| Some((file.strip_prefix(&root).ok()?, std::fs::read_to_string(file).ok()?)))
        .filter(|(file, text)| {
            !may.iter().any(|known| known.as_path() == *file)
                && (text.contains("pg_snapshot_xmin(") || text.contains("pg_current_xact_id("))
        })
        .map(|(file, _)| file.display().to_string())
        .collect();
    assert!(offenders.is_empty(), "use log_horizon() and log_txid() in {}", offenders.join(", "));
}
