//! Golden encodings of events are for ever: what has landed on the main branch is never changed, renamed or removed. The files' own
//! tests notice it too (through `INDEX`); here the history is the witness, so that rewriting a file together with `INDEX` is noticed.

use std::path::Path;
use std::process::Command;

use super::Offence;
use crate::step::say;

const FILES: &str = ":(glob)crates/**/tests/golden/events/*.json";
const INDEXES: &str = ":(glob)crates/**/tests/golden/events/INDEX";

/// Compares the working tree, and the main branch itself, with what landed first.
pub fn check(root: &Path) -> anyhow::Result<Vec<Offence>> {
    let Some(main) = main_branch(root) else {
        say("      no git history here: only INDEX guards the golden files");
        return Ok(vec![]);
    };
    // As the main branch saw it: what a topic branch did to its own files before it was merged is nobody's concern.
    let landed =
        ["log", "--first-parent", "-m", "--no-renames", "--diff-filter=DMT", "--name-only", "--format=", &main, "--", FILES];
    let here = ["diff", "--no-renames", "--diff-filter=DMT", "--name-only", &main, "--", FILES];
    let mut found: Vec<Offence> = vec![];
    for name in lines(root, &landed)? {
        found.push(format!("{name}: was changed or removed after it had landed on {main}: restore it and add an upcaster"));
    }
    for name in lines(root, &here)? {
        found.push(format!("{name}: differs from {main}: restore it; a new encoding is a new version with a file of its own"));
    }
    let index_lines = ["diff", "--no-renames", "--unified=0", &main, "--", INDEXES];
    let removed = lines(root, &index_lines)?.into_iter().filter(|line| line.starts_with('-') && !line.starts_with("---"));
    found.extend(removed.map(|line| format!("INDEX lost the line {:?}: lines are only added", &line[1..])));
    found.sort();
    found.dedup();
    Ok(found)
}

/// The first of these that git knows; `None` without git or without a commit.
fn main_branch(root: &Path) -> Option<String> {
    ["main", "origin/main", "HEAD"]
        .into_iter()
        .find(|name| git(root, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]).is_ok())
        .map(str::to_owned)
}

fn lines(root: &Path, arguments: &[&str]) -> anyhow::Result<Vec<String>> {
    Ok(git(root, arguments)?.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn git(root: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output()?;
    anyhow::ensure!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use std::fs;

    use super::*;

    const FILE: &str = "crates/a/tests/golden/events/x.happened@1.json";
    const INDEX: &str = "crates/a/tests/golden/events/INDEX";

    struct Repository(tempfile::TempDir);

    impl Repository {
        fn new() -> Self {
            let this = Self(tempfile::tempdir().unwrap());
            this.git(&["init", "--quiet", "--initial-branch=main"]);
            this.write(FILE, "[1]\n");
            this.write(INDEX, "aa  x.happened@1.json\n");
            this.commit("landed");
            this
        }

        fn git(&self, arguments: &[&str]) {
            let named = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
            git(self.0.path(), &[&named, arguments].concat()).unwrap();
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn commit(&self, message: &str) {
            self.git(&["add", "--all"]);
            self.git(&["commit", "--quiet", "--message", message]);
        }

        fn offences(&self) -> Vec<Offence> {
            check(self.0.path()).unwrap()
        }
    }

    #[test]
    fn adding_is_allowed_changing_and_removing_are_not() {
        let repository = Repository::new();
        repository.write("crates/a/tests/golden/events/y.happened@1.json", "[2]\n");
        repository.write(INDEX, "aa  x.happened@1.json\nbb  y.happened@1.json\n");
        assert_eq!(repository.offences(), Vec::<String>::new());
        repository.write(FILE, "[3]\n");
        repository.write(INDEX, "cc  x.happened@1.json\n");
        assert_eq!(repository.offences().len(), 2, "{:?}", repository.offences());
        fs::remove_file(repository.0.path().join(FILE)).unwrap();
        assert!(repository.offences().iter().any(|offence| offence.starts_with(FILE)));
    }

    #[test]
    fn a_change_that_was_already_committed_stays_an_offence() {
        let repository = Repository::new();
        repository.write(FILE, "[3]\n");
        repository.commit("oops");
        assert!(repository.offences()[0].contains("after it had landed"));
    }

    #[test]
    fn a_branch_may_still_change_its_own_new_file_before_it_lands() {
        let repository = Repository::new();
        repository.git(&["checkout", "--quiet", "-b", "topic"]);
        let new = "crates/a/tests/golden/events/z.happened@1.json";
        repository.write(new, "[1]\n");
        repository.commit("draft");
        repository.write(new, "[2]\n");
        repository.commit("better");
        assert_eq!(repository.offences(), Vec::<String>::new());
        repository.git(&["checkout", "--quiet", "main"]);
        repository.git(&["merge", "--quiet", "--no-ff", "--message", "merge", "topic"]);
        assert_eq!(repository.offences(), Vec::<String>::new(), "it landed in its last form");
    }

    #[test]
    fn without_git_nothing_is_claimed() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(check(folder.path()).unwrap(), Vec::<String>::new());
    }
}
