#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeSet;
use std::path::Path;

use chrono::Duration;
use recado_kernel::Locale;

use super::catalogue::catalogue;
use super::{Words, fill};

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn both_languages_say_the_same_things() {
    let (pt, en) = (catalogue(Locale::PtBr), catalogue(Locale::En));
    assert!(!pt.is_empty() && !en.is_empty(), "a translation file is not valid TOML");
    let only = |a: &super::catalogue::Catalogue, b: &super::catalogue::Catalogue| {
        a.keys().filter(|key| !b.contains_key(*key)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(pt, en), Vec::<String>::new(), "missing in en.toml");
    assert_eq!(only(en, pt), Vec::<String>::new(), "missing in pt-BR.toml");
    for (key, text) in pt {
        assert_eq!(placeholders(text), placeholders(&en[key]), "placeholders of {key}");
        assert!(!text.trim().is_empty(), "{key} is empty");
    }
}

/// Every literal in the sources that looks like a key of ours exists.
#[test]
fn every_used_key_exists() {
    let known = catalogue(Locale::PtBr);
    let sections: BTreeSet<&str> = known.keys().filter_map(|key| key.split_once('.')).map(|(section, _)| section).collect();
    let mut missing = vec![];
    visit(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut |path, source| {
        // Wire names of events look like keys.
        if path.ends_with("support/fields.rs") || path.ends_with("words/tests.rs") {
            return;
        }
        for literal in source.split('"').skip(1).step_by(2) {
            let plain = literal.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.');
            let ours = literal.split_once('.').is_some_and(|(section, _)| sections.contains(section));
            let exists = known.contains_key(literal) || known.contains_key(&format!("{literal}.other"));
            if plain && ours && !exists {
                missing.push(format!("{literal} in {}", path.display()));
            }
        }
    });
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn no_text_in_code() {
    let mut found = vec![];
    visit(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut |path, source| {
        if path.ends_with("words/tests.rs") {
            return;
        }
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            if line.split("//").next().unwrap_or_default().chars().any(|c| "ãáâàçéêíóôõúÃÁÂÇÉÊÍÓÔÕÚ".contains(c))
            {
                found.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    });
    assert_eq!(found, Vec::<String>::new());
}

fn visit(folder: &Path, look: &mut impl FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, look);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            look(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn placeholders_are_filled_and_unknown_ones_stay() {
    assert_eq!(fill("{a} e {b} e {c}", &[("a", "1"), ("b", "{c}")]), "1 e {c} e {c}");
    assert_eq!(fill("sem fim {a", &[("a", "1")]), "sem fim {a");
}

#[test]
fn spans_read_like_speech() {
    let words = Words::new(Locale::PtBr);
    assert_eq!(words.span(Duration::minutes(47 * 60 + 59)), "1 dia e 23 h");
    assert_eq!(words.span(Duration::hours(48)), "2 dias");
    assert_eq!(words.span(Duration::minutes(61)), "1 h e 1 min");
    assert_eq!(words.span(Duration::seconds(20)), "menos de 1 min");
    assert_eq!(words.span(Duration::seconds(-5)), "0 min");
}
