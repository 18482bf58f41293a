//! Where the installation key is kept, how the vault is opened with it, and how a new one takes its place.
//!
//! `RECADO_MASTER_KEY` wins over `master.key` in the data folder. While a key from the folder is exchanged the new one lies beside it as
//! `master.key.next`, so that a crash at any moment leaves a key that opens the vault; the next start puts it in place.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use recado_event_store::{MasterKey, Vault, VaultError};
use sqlx::PgPool;

use crate::clock::OsRandom;
use crate::problem::Problem;

const VARIABLE: &str = "RECADO_MASTER_KEY";
const WRONG: &str = "this database belongs to another installation key: use the data folder (master.key) or RECADO_MASTER_KEY it was created \
     with, or the new one if the key was rotated since";

/// The place of the installation key.
#[derive(Debug, Clone)]
pub struct KeyRing {
    folder: PathBuf,
    from_environment: bool,
}

impl KeyRing {
    /// Of the installation with this data folder.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), from_environment: std::env::var_os(VARIABLE).is_some() }
    }

    /// Does the key come from the environment, so that only the operator can exchange it there?
    pub const fn is_from_environment(&self) -> bool {
        self.from_environment
    }

    fn present(&self) -> PathBuf {
        self.folder.join("master.key")
    }

    fn next(&self) -> PathBuf {
        self.folder.join("master.key.next")
    }

    /// Is this the key in the data folder?
    pub fn is_present(&self, key: &MasterKey) -> anyhow::Result<bool> {
        Ok(read(&self.present())?.as_ref() == Some(key))
    }

    /// Opens the vault; makes the key on the very first start, and completes an exchange that a crash cut short.
    pub async fn open_vault(&self, pool: &PgPool) -> anyhow::Result<Vault> {
        if self.from_environment {
            let text = std::env::var(VARIABLE).map_err(|_| Problem::new(format!("{VARIABLE} is not text")))?;
            let key = MasterKey::from_base64(&text).map_err(|error| Problem::new(format!("{VARIABLE}: {error}")))?;
            return open(pool, &key).await?.ok_or_else(|| Problem::new(WRONG).into());
        }
        let (present, next) = (read(&self.present())?, read(&self.next())?);
        let present = match (present, &next) {
            (None, None) => Some(self.first_key(pool).await?),
            (present, _) => present,
        };
        if let Some(key) = present
            && let Some(vault) = open(pool, &key).await?
        {
            return Ok(vault);
        }
        if let Some(key) = next
            && let Some(vault) = open(pool, &key).await?
        {
            self.put_in_place()?;
            return Ok(vault);
        }
        bail!(Problem::new(WRONG))
    }

    /// Makes the key of a new installation. A database that has been in use was sealed under a key that is not here: a new one would only
    /// hide that.
    async fn first_key(&self, pool: &PgPool) -> anyhow::Result<MasterKey> {
        let path = self.present();
        let in_use: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM installation)").fetch_one(pool).await?;
        if !in_use {
            return first_key(&self.folder, &path);
        }
        // Looked for twice: another process may be making both at this moment, the key first.
        read(&path)?.ok_or_else(|| {
            Problem::new(format!(
                "the installation key of this database is missing: copy master.key of its old data folder to {}, or set {VARIABLE}",
                path.display()
            ))
            .into()
        })
    }

    /// Lays the new key beside the present one, on the disk before anything depends on it.
    pub fn prepare(&self, key: &MasterKey) -> anyhow::Result<()> {
        let next = self.next();
        let prepared = draft(&self.folder, key).and_then(|draft| std::fs::rename(draft, &next)).and_then(|()| sync(&self.folder));
        prepared.map_err(|error| Problem::new(format!("cannot keep the new key in {}: {error}", next.display())).into())
    }

    /// The prepared key becomes the present one. Returns where the old one lies.
    pub fn put_in_place(&self) -> anyhow::Result<Option<PathBuf>> {
        let (present, next) = (self.present(), self.next());
        let old = self.folder.join(format!("master.key.{}", chrono::Utc::now().format("%Y-%m-%dT%H%M%SZ")));
        let kept = match std::fs::hard_link(&present, &old) {
            Ok(()) => Some(old),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Some(old),
            Err(error) => bail!(Problem::new(format!("cannot keep the old key as {}: {error}", old.display()))),
        };
        match std::fs::rename(&next, &present).and_then(|()| sync(&self.folder)) {
            Ok(()) => Ok(kept),
            // Another process that started at the same moment did it.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && present.exists() => Ok(kept),
            Err(error) => bail!(Problem::new(format!("cannot put {} in place: {error}", next.display()))),
        }
    }
}

/// `None`: the wrong key.
async fn open(pool: &PgPool, key: &MasterKey) -> anyhow::Result<Option<Vault>> {
    match Vault::open(pool.clone(), key, Box::new(OsRandom)).await {
        Ok(vault) => Ok(Some(vault)),
        Err(VaultError::WrongKey) => Ok(None),
        Err(VaultError::Store(error)) => Err(Problem::new(format!("the keys could not be read: {error}")).into()),
    }
}

/// A key from a file; `None` when there is no file.
pub fn read(path: &Path) -> anyhow::Result<Option<MasterKey>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => bail!(Problem::new(format!("cannot read {}: {error}", path.display()))),
    };
    Ok(Some(MasterKey::from_base64(&text).map_err(|error| Problem::new(format!("{}: {error}", path.display())))?))
}

fn first_key(folder: &Path, path: &Path) -> anyhow::Result<MasterKey> {
    let key = MasterKey::generate(&mut OsRandom);
    match keep_first(folder, path, &key) {
        Ok(()) => Ok(key),
        // Another process was first: its key counts.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            read(path)?.with_context(|| format!("{} came and went", path.display()))
        }
        Err(error) => bail!(Problem::new(format!("cannot keep the installation key in {}: {error}", path.display()))),
    }
}

/// Whole or not at all, and on the disk before anything is sealed under it: a key lost in a power cut loses everything. Refuses to
/// replace one that is there.
fn keep_first(folder: &Path, path: &Path, key: &MasterKey) -> std::io::Result<()> {
    let draft = draft(folder, key)?;
    let kept = std::fs::hard_link(&draft, path).and_then(|()| sync(folder));
    drop(std::fs::remove_file(&draft));
    kept
}

fn draft(folder: &Path, key: &MasterKey) -> std::io::Result<PathBuf> {
    let draft = folder.join(format!(".master.key-{}", std::process::id()));
    let written = (|| {
        let mut file = std::fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        std::io::Write::write_all(&mut file, key.to_base64().as_bytes())?;
        file.sync_all()
    })();
    if written.is_err() {
        drop(std::fs::remove_file(&draft));
    }
    written.map(|()| draft)
}

fn sync(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_stays_and_no_draft_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let (first, second) = (MasterKey::generate(&mut OsRandom), MasterKey::generate(&mut OsRandom));
        keep_first(folder.path(), &path, &first).unwrap();
        let refused = keep_first(folder.path(), &path, &second).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::AlreadyExists);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), first.to_base64());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap());
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_new_key_takes_the_place_of_the_old_one_which_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let ring = KeyRing { folder: folder.path().to_owned(), from_environment: false };
        let (old, new) = (MasterKey::generate(&mut OsRandom), MasterKey::generate(&mut OsRandom));
        keep_first(folder.path(), &ring.present(), &old).unwrap();
        ring.prepare(&old).unwrap();
        ring.prepare(&new).unwrap();
        let kept = ring.put_in_place().unwrap().unwrap();
        assert!(read(&ring.present()).unwrap() == Some(new) && read(&kept).unwrap() == Some(old));
        assert!(!ring.next().exists());
        let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(ring.present()).unwrap());
        assert_eq!(mode & 0o777, 0o600);
    }
}
