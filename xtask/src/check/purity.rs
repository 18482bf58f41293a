//! `domain/` folders hold rules and nothing else: no I/O, no clock, no async runtime.

use std::fs;
use std::path::Path;

use super::Offence;
use super::files::{code, ours, shown};

/// What a domain must not name.
const FORBIDDEN: [&str; 12] = [
    "sqlx",
    "tokio",
    "reqwest",
    "axum",
    "std::time",
    "std::fs",
    "std::net",
    "std::env",
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Uuid::new_v",
];

/// Reads every source file below a folder named `domain`.
pub fn check(root: &Path) -> anyhow::Result<Vec<Offence>> {
    let mut found = Vec::new();
    for path in ours(root, "rs")? {
        let within = |name: &str| path.components().any(|part| part.as_os_str() == name);
        // Tests drive the asynchronous face of the framework; the domain itself has no runtime.
        if within("domain") && !within("tests.rs") && !within("tests") {
            let text = fs::read_to_string(&path)?;
            found.extend(
                offences(&text).map(|(line, word)| format!("{}:{line}: a domain must not use {word}", shown(root, &path))),
            );
        }
    }
    Ok(found)
}

fn offences(text: &str) -> impl Iterator<Item = (usize, &'static str)> {
    rules(text).lines().enumerate().flat_map(|(number, line)| {
        let line = code(line).to_owned();
        FORBIDDEN.into_iter().filter(move |word| names(&line, word)).map(move |word| (number + 1, word))
    })
}

/// The text without an inline test module, which by custom ends the file.
fn rules(text: &str) -> &str {
    text.find("#[cfg(test)]").filter(|at| is_inline(&text[*at..])).map_or(text, |at| &text[..at])
}

/// `mod tests {` below attributes, not `mod tests;`.
fn is_inline(rest: &str) -> bool {
    rest.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#')).is_some_and(|line| line.ends_with('{'))
}

/// Whether the line has the word, not as a part of a longer one.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_databases_are_found() {
        let text = "use chrono::Utc;\n// sqlx is not used here\nlet now = Utc::now();\nuse ::sqlx::PgPool;\n";
        assert_eq!(offences(text).collect::<Vec<_>>(), [(3, "Utc::now"), (4, "sqlx")]);
    }

    #[test]
    fn tests_may_have_a_runtime_but_hide_nothing() {
        assert_eq!(offences("fn a() {}\n#[cfg(test)]\n#[expect(x)]\nmod tests {\n #[tokio::test]\n}").count(), 0);
        assert_eq!(offences("#[cfg(test)]\nmod tests;\nuse sqlx::PgPool;").count(), 1);
    }

    #[test]
    fn longer_words_are_other_words() {
        assert_eq!(offences("let my_tokio_free = 1;").count(), 0);
    }
}
