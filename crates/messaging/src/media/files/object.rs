//! Files in an S3-compatible bucket.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{ObjectStore, WriteMultipart};
use uuid::Uuid;

use super::{Bytestream, FileError, FileStore, FileWriter};

/// Parts on their way at once: with 5 MB each this bounds the memory of one upload.
const PARTS_AT_ONCE: usize = 2;

/// A bucket, or a folder of one. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: String,
}

impl Bucket {
    /// The bucket `name` with objects below `prefix`. Endpoint, region and keys come from the usual variables (`AWS_ENDPOINT_URL`,
    /// `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ALLOW_HTTP`).
    ///
    /// # Errors
    /// The variables make no sense.
    pub fn from_env(name: &str, prefix: &str) -> Result<Self, FileError> {
        let store = AmazonS3Builder::from_env().with_bucket_name(name).build().map_err(|error| failed(&error))?;
        Ok(Self { store: Arc::new(store), prefix: prefix.trim_matches('/').to_owned() })
    }

    fn path(&self, id: Uuid) -> Path {
        Path::from(format!("{}/{}", self.prefix, id.simple()))
    }
}

fn failed(error: &object_store::Error) -> FileError {
    FileError(error.to_string())
}

struct Upload(WriteMultipart);

#[async_trait]
impl FileStore for Bucket {
    async fn create(&self, id: Uuid) -> Result<Box<dyn FileWriter>, FileError> {
        let upload = self.store.put_multipart(&self.path(id)).await.map_err(|error| failed(&error))?;
        Ok(Box::new(Upload(WriteMultipart::new(upload))))
    }

    async fn read(&self, id: Uuid) -> Result<Option<Bytestream>, FileError> {
        match self.store.get(&self.path(id)).await {
            Ok(found) => Ok(Some(found.into_stream().map(|bytes| bytes.map_err(|error| failed(&error))).boxed())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    async fn erase(&self, id: Uuid) -> Result<(), FileError> {
        match self.store.delete(&self.path(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}

#[async_trait]
impl FileWriter for Upload {
    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), FileError> {
        self.0.wait_for_capacity(PARTS_AT_ONCE).await.map_err(|error| failed(&error))?;
        self.0.put(bytes.into());
        Ok(())
    }

    async fn finish(self: Box<Self>) -> Result<(), FileError> {
        self.0.finish().await.map(drop).map_err(|error| failed(&error))
    }
}
