//! Who may know whom. A lower context never knows a higher one; the browser's half knows only the kernel.

use std::path::Path;

use super::Offence;
use super::manifest::{Member, members};

/// Every member and the members it may depend on. Whoever is not listed may not exist.
const MAY_KNOW: [(&str, &[&str]); 16] = [
    ("recado-kernel", &[]),
    ("recado-postgres", &[]),
    ("recado-event-store", &["recado-kernel"]),
    ("recado-accounts", &["recado-kernel", "recado-event-store"]),
    ("recado-messaging", &["recado-kernel", "recado-event-store", "recado-accounts"]),
    ("recado-billing", &["recado-kernel", "recado-event-store", "recado-accounts", "recado-messaging"]),
    ("recado-engine-sim", &["recado-kernel", "recado-event-store", "recado-messaging"]),
    ("recado-rest", &["recado-kernel", "recado-event-store", "recado-accounts", "recado-messaging", "recado-billing"]),
    (
        "recado-app",
        &[
            "recado-kernel",
            "recado-event-store",
            "recado-accounts",
            "recado-messaging",
            "recado-billing",
            // The page of the simulated phones drives the simulated engine.
            "recado-engine-sim",
        ],
    ),
    (
        "recado-server",
        &[
            "recado-kernel",
            "recado-event-store",
            "recado-postgres",
            "recado-accounts",
            "recado-messaging",
            "recado-billing",
            "recado-engine-sim",
            "recado-rest",
            "recado-app",
        ],
    ),
    ("frontend", &["recado-app"]),
    ("recado-testkit", &["recado-kernel", "recado-event-store", "recado-postgres"]),
    (
        "recado-bench",
        // The last two make what is measured.
        &["recado-kernel", "recado-event-store", "recado-postgres", "recado-messaging", "recado-engine-sim"],
    ),
    ("recado-bench", &["recado-kernel", "recado-event-store", "recado-postgres"]),
    ("recado-rig", &["recado-kernel", "recado-postgres"]),
    ("xtask", &["recado-postgres"]),
];

/// Compares every member's `Cargo.toml` with the table.
pub fn check(root: &Path) -> anyhow::Result<Vec<Offence>> {
    Ok(members(root)?.iter().flat_map(offences).collect())
}

fn offences(member: &Member) -> Vec<Offence> {
    let (name, folder) = (member.name(), &member.folder);
    let Some((_, allowed)) = MAY_KNOW.iter().find(|(known, _)| *known == name) else {
        return vec![format!("{folder}: the member {name:?} has no row in xtask/src/check/arrows.rs")];
    };
    let ours = |dependency: &str| MAY_KNOW.iter().any(|(known, _)| *known == dependency) || dependency.starts_with("recado-");
    let mut found = Vec::new();
    for dependency in member.dependencies().iter().filter(|dependency| ours(&dependency.name)) {
        if !allowed.contains(&dependency.name.as_str()) {
            found.push(format!("{folder}: {name} must not depend on {}", dependency.name));
        } else if name == "recado-app" && dependency.name != "recado-kernel" && !dependency.optional {
            found.push(format!("{folder}: {} must be optional: the browser's half may know the kernel only", dependency.name));
        }
    }
    found.extend(browser_offences(member));
    found
}

/// The feature `hydrate` must not switch on what belongs to the server.
fn browser_offences(member: &Member) -> Vec<Offence> {
    let features = member.manifest.get("features").and_then(|features| features.get("hydrate")).and_then(toml::Value::as_array);
    features
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_str)
        .filter(|feature| feature.contains("recado-") || *feature == "ssr")
        .map(|feature| format!("{}: the feature `hydrate` must not switch on {feature:?}", member.folder))
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    fn member(text: &str) -> Member {
        Member { folder: "x".to_owned(), manifest: text.parse().unwrap() }
    }

    #[test]
    fn a_lower_context_that_knows_a_higher_one_is_named() {
        let text =
            "[package]\nname='recado-accounts'\n[dependencies]\nrecado-kernel.workspace=true\nrecado-billing.workspace=true";
        assert_eq!(offences(&member(text)), ["x: recado-accounts must not depend on recado-billing"]);
    }

    #[test]
    fn tests_may_know_everybody() {
        let text = "[package]\nname='recado-kernel'\n[dev-dependencies]\nrecado-testkit.workspace=true";
        assert_eq!(offences(&member(text)), Vec::<String>::new());
    }

    #[test]
    fn a_target_or_a_renamed_dependency_is_no_way_around() {
        let text = "[package]\nname='recado-kernel'\n[target.'cfg(unix)'.dependencies]\nother={package='recado-rest',path='y'}";
        assert_eq!(offences(&member(text)).len(), 1);
    }

    #[test]
    fn the_browser_knows_the_kernel_only() {
        let text = "[package]\nname='recado-app'\n[features]\nhydrate=['dep:recado-billing']\n\
                    [dependencies]\nrecado-kernel.workspace=true\nrecado-billing={workspace=true}";
        assert_eq!(offences(&member(text)).len(), 2);
    }

    #[test]
    fn a_stranger_needs_a_row() {
        assert_eq!(offences(&member("[package]\nname='recado-novelty'")).len(), 1);
    }
}
