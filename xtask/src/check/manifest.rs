//! Reading the members' `Cargo.toml`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use toml::{Table, Value};

/// One workspace member.
pub struct Member {
    /// Folder from the root, e.g. `crates/billing`.
    pub folder: String,
    /// Its whole `Cargo.toml`.
    pub manifest: Table,
}

/// A dependency as a member declares it.
pub struct Dependency {
    /// Package name.
    pub name: String,
    /// Only with a feature.
    pub optional: bool,
}

impl Member {
    /// The package's name.
    pub fn name(&self) -> &str {
        self.manifest.get("package").and_then(|package| package.get("name")).and_then(Value::as_str).unwrap_or_default()
    }

    /// Dependencies and build dependencies, on every target; those of tests are nobody's concern.
    pub fn dependencies(&self) -> Vec<Dependency> {
        let mut all = listed(&self.manifest);
        for target in self.manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values) {
            all.extend(target.as_table().map(listed).unwrap_or_default());
        }
        all
    }
}

fn listed(table: &Table) -> Vec<Dependency> {
    ["dependencies", "build-dependencies"]
        .iter()
        .filter_map(|section| table.get(*section).and_then(Value::as_table))
        .flatten()
        .map(|(key, value)| Dependency {
            name: value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned(),
            optional: value.get("optional").and_then(Value::as_bool).unwrap_or(false),
        })
        .collect()
}

/// The members that the root manifest lists.
pub fn members(root: &Path) -> anyhow::Result<Vec<Member>> {
    let workspace = read(root.join("Cargo.toml"))?;
    let folders = workspace.get("workspace").and_then(|table| table.get("members")).and_then(Value::as_array);
    folders
        .context("the root Cargo.toml lists no members")?
        .iter()
        .filter_map(Value::as_str)
        .map(|folder| Ok(Member { folder: folder.to_owned(), manifest: read(root.join(folder).join("Cargo.toml"))? }))
        .collect()
}

fn read(path: PathBuf) -> anyhow::Result<Table> {
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    text.parse().with_context(|| format!("{} is not TOML", path.display()))
}
