//! One lint table for all: every member takes the workspace's, and nobody silences a lint without a reason
//! (`#[expect(…, reason = "…")]` is the way).

use std::fs;
use std::path::Path;

use super::Offence;
use super::files::{code, ours, shown};
use super::manifest::{Member, members};

/// In two pieces, so that this file does not accuse itself.
const SILENCERS: [&str; 2] = [concat!("#[", "allow("), concat!("#![", "allow(")];

/// Looks at the members' manifests and at all sources.
pub fn check(root: &Path) -> anyhow::Result<Vec<Offence>> {
    let mut found: Vec<Offence> = members(root)?.iter().filter(|member| !takes_the_table(member)).map(missing).collect();
    for path in ours(root, "rs")? {
        let text = fs::read_to_string(&path)?;
        found.extend(silenced(&text).map(|line| format!("{}:{line}: use #[expect(…, reason = \"…\")]", shown(root, &path))));
    }
    Ok(found)
}

fn takes_the_table(member: &Member) -> bool {
    member.manifest.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool) == Some(true)
}

fn missing(member: &Member) -> Offence {
    format!("{}/Cargo.toml: [lints] workspace = true is missing", member.folder)
}

fn silenced(text: &str) -> impl Iterator<Item = usize> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| SILENCERS.iter().any(|word| code(line).contains(word)))
        .map(|(number, _)| number + 1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn a_member_without_the_table_is_found() {
        let member = |text: &str| Member { folder: "x".to_owned(), manifest: text.parse().unwrap() };
        assert!(takes_the_table(&member("[lints]\nworkspace = true")));
        assert!(!takes_the_table(&member("[lints.clippy]\nall = 'allow'")));
        assert!(!takes_the_table(&member("[package]\nname = 'x'")));
    }

    #[test]
    fn silenced_lints_are_found() {
        let text = format!("fn a() {{}}\n{}dead_code)]\nfn b() {{}}\n// {}\n", SILENCERS[0], SILENCERS[1]);
        assert_eq!(silenced(&text).collect::<Vec<_>>(), [2]);
    }
}
