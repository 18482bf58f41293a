//! No content store: the command line beside a running server, and tests without files.

use async_trait::async_trait;
use uuid::Uuid;

use super::{Bytestream, FileError, FileStore, FileWriter};

/// Takes nothing, holds nothing.
#[derive(Debug, Clone, Copy)]
pub struct Nowhere;

#[async_trait]
impl FileStore for Nowhere {
    async fn create(&self, _: Uuid) -> Result<Box<dyn FileWriter>, FileError> {
        Err(FileError("there is no content store".to_owned()))
    }

    async fn read(&self, _: Uuid) -> Result<Option<Bytestream>, FileError> {
        Ok(None)
    }

    /// Refused: whoever has no store must not say that files are gone.
    async fn erase(&self, _: Uuid) -> Result<(), FileError> {
        Err(FileError("there is no content store".to_owned()))
    }
}
