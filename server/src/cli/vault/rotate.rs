//! `recado vault rotate`: a new installation key and a new data root key. docs/operations/keys.md says what that protects against.

use std::path::PathBuf;
use std::time::Duration;

use recado_event_store::{MasterKey, Vault};
use serde_json::json;

use crate::cli::print;
use crate::clock::OsRandom;
use crate::installation::{Installation, Place};
use crate::key_ring::{self, KeyRing};
use crate::problem::Problem;

/// Exchange the installation key. Killed in the middle: run it again.
#[derive(Debug, clap::Args)]
pub struct Rotate {
    /// File with the new key: 32 bytes in base64.
    #[arg(long, value_name = "FILE", conflicts_with = "generate")]
    new_key: Option<PathBuf>,
    /// Make the new key (only when the present one is in the data folder).
    #[arg(long)]
    generate: bool,
    /// The new key in base64.
    #[arg(long, env = "RECADO_NEW_MASTER_KEY", hide_env_values = true, hide = true, conflicts_with_all = ["new_key", "generate"])]
    new_key_text: Option<String>,
    /// Seconds given to running servers to learn the new data root key; 0 when none runs.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    notice: u64,
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Rotate {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let new = self.new_key()?;
        let installation = Installation::open(place).await?;
        let done = self.rotate(&installation, new).await;
        installation.close().await;
        print(&done?, self.json);
        Ok(())
    }

    fn new_key(&self) -> anyhow::Result<Option<MasterKey>> {
        match (&self.new_key, &self.new_key_text, self.generate) {
            (Some(path), ..) => {
                let missing = || Problem::new(format!("there is no file {}", path.display()));
                Ok(Some(key_ring::read(path)?.ok_or_else(missing)?))
            }
            (None, Some(text), _) => {
                Ok(Some(MasterKey::from_base64(text).map_err(|error| Problem::new(format!("RECADO_NEW_MASTER_KEY: {error}")))?))
            }
            (None, None, true) => Ok(None),
            (None, None, false) => Err(Problem::new(
                "say which key is the new one: --generate, --new-key FILE, or RECADO_NEW_MASTER_KEY in the environment",
            )
            .into()),
        }
    }

    async fn rotate(&self, installation: &Installation, new: Option<MasterKey>) -> anyhow::Result<serde_json::Value> {
        let (vault, ring) = (&installation.platform.vault, &installation.keys);
        let Some(lock) = vault.lock_rotation().await? else {
            return Err(Problem::new("another rotation is running: wait until it has ended").into());
        };
        let resumed = vault.rotation_is_unfinished().await?;
        let old_key = if resumed { None } else { begin(vault, ring, new).await? };
        let first = vault.reseal().await?;
        tokio::time::sleep(Duration::from_secs(self.notice)).await;
        // What servers sealed before they had heard of the new data root key.
        let last = vault.reseal().await?;
        vault.finish_rotation().await?;
        lock.release().await?;
        let note = match (resumed, ring.is_from_environment(), &old_key) {
            (true, ..) => "an unfinished rotation was completed; run the command again for another one".to_owned(),
            (false, true, _) => {
                "set RECADO_MASTER_KEY to the new key wherever a server is started; running servers may go on".to_owned()
            }
            (false, false, Some(path)) => format!(
                "the old key is kept as {}: it opens backups made before now; destroy it together with those",
                path.display()
            ),
            (false, false, None) => "the new key is in place".to_owned(),
        };
        Ok(json!({
            "generation": vault.root_generation(),
            "resumed": resumed,
            "subject_keys": first.subjects + last.subjects,
            "contents": first.contents + last.contents,
            "old_key": old_key.map(|path| path.display().to_string()),
            "note": note,
        }))
    }
}

/// Up to the point of no return and the new key's file in place. Returns where the old one lies.
async fn begin(vault: &Vault, ring: &KeyRing, new: Option<MasterKey>) -> anyhow::Result<Option<PathBuf>> {
    if ring.is_from_environment() {
        let new = new.ok_or_else(|| {
            Problem::new(
                "the installation key comes from RECADO_MASTER_KEY: make the new one where that is kept (openssl rand -base64 32) \
                 and pass it with --new-key FILE or RECADO_NEW_MASTER_KEY",
            )
        })?;
        if std::env::var("RECADO_MASTER_KEY").is_ok_and(|present| MasterKey::from_base64(&present).is_ok_and(|key| key == new)) {
            return Err(same());
        }
        vault.begin_rotation(&new).await?;
        return Ok(None);
    }
    let new = new.unwrap_or_else(|| MasterKey::generate(&mut OsRandom));
    if ring.is_present(&new)? {
        return Err(same());
    }
    ring.prepare(&new)?;
    vault.begin_rotation(&new).await?;
    ring.put_in_place()
}

fn same() -> anyhow::Error {
    Problem::new("that is the present key: give another one").into()
}
