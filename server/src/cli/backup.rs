//! `recado backup create|restore`: physical copies of the private PostgreSQL (docs/operations/backup.md).

use std::path::{Path, PathBuf};

use recado_postgres::put_back;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::print;
use crate::installation::{Installation, Place};
use crate::problem::Problem;

const DATABASE: &str = "postgres";
const KEY: &str = "master.key";
const LABEL: &str = "backup.json";

/// Copies of an installation with its own PostgreSQL.
#[derive(Debug, clap::Subcommand)]
pub enum Backup {
    /// Copy the database, beside a running server or without one, and check the copy.
    Create {
        /// Folder to make; it must not exist or be empty.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Also copy the installation key. Whoever has both can read everything: keep them apart unless the place is safe.
        #[arg(long)]
        with_key: bool,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Put a copy back as a new installation: --data names its folder.
    Restore {
        /// Folder that `backup create` made.
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What a copy says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    recado: String,
    postgresql: String,
    created_at: String,
    /// The log's newest position: where it goes on.
    newest_position: i64,
    with_key: bool,
}

impl Backup {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        if place.database_url.is_some() {
            return Err(Problem::new(
                "this copies the private PostgreSQL only. For a database of your own use its tools: pg_basebackup, or pg_dump and then \
                 `recado log repair` (docs/operations/backup.md)",
            )
            .into());
        }
        match self {
            Self::Create { to, with_key, json } => create(place, &to, with_key, json).await,
            Self::Restore { from, json } => restore(place, &from, json).await,
        }
    }
}

async fn create(place: &Place, to: &Path, with_key: bool, json: bool) -> anyhow::Result<()> {
    if to.exists() && to.read_dir().map_or(true, |mut entries| entries.next().is_some()) {
        return Err(
            Problem::new(format!("{} is not an empty folder: a backup never overwrites another one", to.display())).into()
        );
    }
    let installation = Installation::open(place).await?;
    let made = match with_key {
        true => copy_with_key(&installation, to).await,
        false => copy(&installation, to, false).await,
    };
    installation.close().await;
    let label = made?;
    // Last of all: a copy without its label is none.
    std::fs::write(to.join(LABEL), serde_json::to_vec_pretty(&label)?).map_err(cannot_write(to))?;
    if !with_key {
        eprintln!(
            "The installation key is not in this backup. Without it e-mail addresses, phone numbers, tokens and queued texts cannot be read \
             again: keep a copy of master.key (or RECADO_MASTER_KEY) in another safe place."
        );
    }
    print(
        &json!({"backup": to.display().to_string(), "verified": true, "with_key": with_key, "newest_position": label.newest_position}),
        json,
    );
    Ok(())
}

/// The key must be the one that opens the copy: nobody may exchange it until both are copied.
async fn copy_with_key(installation: &Installation, to: &Path) -> anyhow::Result<Label> {
    if installation.keys.is_from_environment() {
        return Err(Problem::new(
            "the installation key comes from RECADO_MASTER_KEY, so there is none to copy: leave --with-key out, and keep the variable's \
             value in a safe place",
        )
        .into());
    }
    let vault = &installation.platform.vault;
    let Some(lock) = vault.lock_rotation().await? else {
        return Err(Problem::new(
            "the installation key is being exchanged (recado vault rotate): wait until that has ended, then make the backup",
        )
        .into());
    };
    let made = match vault.rotation_is_unfinished().await {
        Ok(false) => copy(installation, to, true).await,
        Ok(true) => Err(Problem::new(
            "an exchange of the installation key was begun and not finished: complete it with `recado vault rotate`, then make the backup",
        )
        .into()),
        Err(error) => Err(error.into()),
    };
    lock.release().await?;
    made
}

async fn copy(installation: &Installation, to: &Path, with_key: bool) -> anyhow::Result<Label> {
    let Some(cluster) = installation.cluster() else { anyhow::bail!("the private PostgreSQL is gone") };
    std::fs::create_dir_all(to).map_err(cannot_write(to))?;
    std::fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o700)).map_err(cannot_write(to))?;
    tokio::task::block_in_place(|| cluster.copy_to(&to.join(DATABASE))).map_err(|error| Problem::new(error.to_string()))?;
    let (newest_position, postgresql): (i64, String) =
        sqlx::query_as("SELECT COALESCE((SELECT max(position) FROM projection), 0), current_setting('server_version')")
            .fetch_one(installation.platform.pool())
            .await?;
    if with_key {
        let key = installation.data.join(KEY);
        std::fs::copy(&key, to.join(KEY)).map_err(|error| Problem::new(format!("cannot copy {}: {error}", key.display())))?;
    }
    Ok(Label {
        recado: env!("CARGO_PKG_VERSION").to_owned(),
        postgresql,
        created_at: installation.platform.now().to_rfc3339(),
        newest_position,
        with_key,
    })
}

fn cannot_write(path: &Path) -> impl Fn(std::io::Error) -> Problem {
    move |error| Problem::new(format!("cannot write {}: {error}", path.display()))
}

async fn restore(place: &Place, from: &Path, json: bool) -> anyhow::Result<()> {
    let label = std::fs::read(from.join(LABEL))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Label>(&bytes).ok())
        .ok_or_else(|| Problem::new(format!("{} is not a backup of Recado: {LABEL} is missing or damaged", from.display())))?;
    let data = &place.data;
    let (key, there) = (from.join(KEY), data.join(KEY));
    let same = |a: &Path, b: &Path| std::fs::read(a).ok() == std::fs::read(b).ok();
    if key.exists() && there.exists() && !same(&key, &there) {
        return Err(Problem::new(format!(
            "{} is another installation's key: choose an empty folder with --data",
            there.display()
        ))
        .into());
    }
    std::fs::create_dir_all(data).map_err(cannot_write(data))?;
    let (was_there, brings_it) = (there.exists(), key.exists());
    // The key first: a cluster in place is what makes a restore complete.
    if brings_it && !was_there {
        put_key(&key, &there).map_err(cannot_write(&there))?;
    }
    let (copy, folder) = (from.join(DATABASE), data.join("postgres"));
    if let Err(error) = tokio::task::spawn_blocking(move || put_back(&copy, &folder)).await? {
        if brings_it && !was_there {
            std::fs::remove_file(&there).map_err(cannot_write(&there))?;
        }
        return Err(Problem::new(error.to_string()).into());
    }
    match (brings_it, was_there) {
        (true, _) => {}
        (false, true) => {
            eprintln!("{} was there before and was left alone: it must be the key this backup was made with.", there.display());
        }
        (false, false) => eprintln!(
            "The installation key was not in the backup: put the master.key it was made with into {} (or set RECADO_MASTER_KEY) before you \
             start.",
            data.display()
        ),
    }
    print(
        &json!({"restored": data.display().to_string(), "of": label.created_at, "key": brings_it, "postgresql": label.postgresql}),
        json,
    );
    Ok(())
}

/// Whole or not at all, and on the disk.
fn put_key(from: &Path, to: &Path) -> std::io::Result<()> {
    let draft = to.with_extension("key.part");
    std::fs::copy(from, &draft)?;
    std::fs::set_permissions(&draft, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    std::fs::File::open(&draft)?.sync_all()?;
    std::fs::rename(&draft, to)
}
