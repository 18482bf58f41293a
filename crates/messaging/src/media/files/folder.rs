//! Files in a folder: one file per id, two levels deep. Written beside their place, synced, then renamed, so that a name never holds half
//! a file.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

use super::{Bytestream, FileError, FileStore, FileWriter};

/// Read at once.
const BLOCK: usize = 64 * 1024;

/// A folder of files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// Below `root`, which is made when the first file comes.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Made from the id alone: no name of anybody's ever becomes a path. The last digits are random in ids of every version.
    fn path(&self, id: Uuid) -> PathBuf {
        let name = id.simple().to_string();
        self.root.join(&name[30..]).join(name)
    }
}

struct Writer {
    file: File,
    temporary: PathBuf,
    place: PathBuf,
    finished: bool,
}

#[async_trait]
impl FileStore for Folder {
    async fn create(&self, id: Uuid) -> Result<Box<dyn FileWriter>, FileError> {
        let place = self.path(id);
        let temporary = place.with_extension("part");
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).await?;
        }
        let file = private(&temporary).await?;
        Ok(Box::new(Writer { file, temporary, place, finished: false }))
    }

    async fn read(&self, id: Uuid) -> Result<Option<Bytestream>, FileError> {
        let file = match File::open(self.path(id)).await {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let blocks = futures::stream::try_unfold(file, |mut file| async move {
            let mut block = vec![0; BLOCK];
            let read = file.read(&mut block).await?;
            block.truncate(read);
            Ok((read > 0).then(|| (Bytes::from(block), file)))
        });
        Ok(Some(Box::pin(blocks)))
    }

    async fn erase(&self, id: Uuid) -> Result<(), FileError> {
        let place = self.path(id);
        for path in [place.with_extension("part"), place] {
            match fs::remove_file(path).await {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }
}

async fn private(path: &Path) -> Result<File, FileError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    Ok(options.open(path).await?)
}

#[async_trait]
impl FileWriter for Writer {
    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), FileError> {
        Ok(self.file.write_all(&bytes).await?)
    }

    async fn finish(mut self: Box<Self>) -> Result<(), FileError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        fs::rename(&self.temporary, &self.place).await?;
        self.finished = true;
        if let Some(folder) = self.place.parent() {
            // The name must survive a power cut as well as the bytes.
            File::open(folder).await?.sync_all().await?;
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            drop(std::fs::remove_file(&self.temporary));
        }
    }
}
