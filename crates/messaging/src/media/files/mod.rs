//! Where files lie: a port with two implementations. They know names and bytes only; what they are given is encrypted already.

mod folder;
mod nowhere;
#[cfg(feature = "s3")]
mod object;

use std::fmt::Debug;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use uuid::Uuid;

pub use folder::Folder;
pub use nowhere::Nowhere;
#[cfg(feature = "s3")]
pub use object::Bucket;

/// Folder or bucket failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FileError(pub String);

impl From<std::io::Error> for FileError {
    fn from(error: std::io::Error) -> Self {
        // Without the path: it holds nothing secret, but nothing useful either.
        Self(error.kind().to_string())
    }
}

/// Bytes as they come.
pub type Bytestream = BoxStream<'static, Result<Bytes, FileError>>;

/// Keeps files under ids.
#[async_trait]
pub trait FileStore: Send + Sync + Debug + 'static {
    /// Begins a file. Nothing of it can be seen before [`FileWriter::finish`]; a writer that is dropped leaves nothing (or something that
    /// [`Self::erase`] removes).
    async fn create(&self, id: Uuid) -> Result<Box<dyn FileWriter>, FileError>;

    /// The file's bytes from its beginning; `None`: there is no such file.
    async fn read(&self, id: Uuid) -> Result<Option<Bytestream>, FileError>;

    /// Removes it; one that is not there is removed already.
    async fn erase(&self, id: Uuid) -> Result<(), FileError>;
}

/// Takes a file's bytes.
#[async_trait]
pub trait FileWriter: Send {
    /// The next bytes.
    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), FileError>;

    /// Makes the file visible and durable.
    async fn finish(self: Box<Self>) -> Result<(), FileError>;
}
