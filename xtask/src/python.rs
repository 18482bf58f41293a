//! Python programs of our own choosing, in a virtual environment below `target/`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

use crate::state::unless_done;
use crate::{client, packages, paths, process};

/// An environment with exactly these packages.
pub struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes it, or takes the one that was made of the same list. `requirements` is the text of a pip requirements file that names every
    /// package with its version.
    ///
    /// # Errors
    /// Python or its `venv` is missing and may not be installed, or the packages cannot be fetched; the sentence says which.
    pub fn prepare(name: &str, requirements: &str, purpose: &str) -> anyhow::Result<Self> {
        let made = Self { folder: paths::target().join(name) };
        let there = || process::is_executable(&made.python());
        unless_done(name, &client::fingerprint(requirements.as_bytes()), there, || made.build(requirements, purpose))?;
        Ok(made)
    }

    /// Its interpreter.
    pub fn python(&self) -> PathBuf {
        self.program("python")
    }

    /// A program that one of its packages brings.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    fn build(&self, requirements: &str, purpose: &str) -> anyhow::Result<()> {
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder).with_context(|| format!("removing {}", self.folder.display()))?;
        }
        if process::which("python3").is_none() || make(&self.folder).is_err() {
            // Debian ships Python without what makes environments.
            packages::install(&["python3", "python3-venv"], purpose)?;
            make(&self.folder)?;
        }
        let list = self.folder.join("requirements.txt");
        std::fs::write(&list, requirements).context("writing the list of Python packages")?;
        let mut command = Command::new(self.python());
        command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r"]).arg(&list);
        process::run_quiet(&mut command).map(drop).with_context(|| format!("{purpose}: fetching Python packages"))
    }
}

fn make(folder: &Path) -> anyhow::Result<()> {
    process::run_quiet(Command::new("python3").args(["-m", "venv"]).arg(folder)).map(drop)
}
