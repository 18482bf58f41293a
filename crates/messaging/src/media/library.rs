//! Files by id: written once, read any number of times, unreadable as soon as their key is erased.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::{Bytes, BytesMut};
use chrono::Duration;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt as _};
use recado_event_store::{NewContent, Platform, StoreError};
use recado_kernel::{AccountId, InstanceId, MessageId, Timestamp, WireId};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::cipher::{CHUNK, Decryptor, Encryptor, FileKey, SEALED_CHUNK};
use super::files::{Bytestream, FileStore, FileWriter};
use super::{MediaError, limits, own, sniff, table};
use crate::domain::message::{MediaId, MediaRef, MediaUse};

/// How long a file may lie there without a key: nobody takes longer to fetch one and to accept its message.
const UNCLAIMED: Duration = Duration::hours(1);

/// A file to be stored.
#[derive(Debug, Clone)]
pub struct NewMedia {
    /// Under which id. The same id again is the same file.
    pub id: MediaId,
    /// The tenant.
    pub account: AccountId,
    /// The message it belongs to, if there is one already.
    pub message: Option<MessageId>,
    /// What it is used for: decides its limit and what it must be.
    pub usage: MediaUse,
    /// The type it claims to have.
    pub declared_type: Option<String>,
    /// Its name, as its owner calls it.
    pub file_name: Option<String>,
    /// The extension it should have, without a dot.
    pub extension: Option<String>,
    /// How long it plays, if known.
    pub seconds: Option<u32>,
}

impl NewMedia {
    /// With nothing known but the bytes.
    #[must_use]
    pub const fn new(id: MediaId, account: AccountId, usage: MediaUse) -> Self {
        Self { id, account, message: None, usage, declared_type: None, file_name: None, extension: None, seconds: None }
    }

    /// The file of an incoming message: the same id whenever the message is told again.
    #[must_use]
    pub fn incoming(account: AccountId, instance: InstanceId, wire_id: &WireId, usage: MediaUse) -> Self {
        Self::new(MediaId::derive(instance.as_uuid(), &format!("incoming/{wire_id}")), account, usage)
    }
}

/// A file that lies in the store; without its key, which is still to be stored, nobody can read it.
#[derive(Debug, Clone)]
pub struct StoredMedia {
    /// What is known of it.
    pub file: MediaRef,
    /// Its key, to be stored with what the file belongs to.
    pub key: NewContent,
}

/// A file to be read.
pub struct OpenMedia {
    /// What is known of it.
    pub file: MediaRef,
    /// Its bytes. An error in between means that it was damaged or erased meanwhile.
    pub bytes: BoxStream<'static, Result<Bytes, MediaError>>,
}

impl fmt::Debug for OpenMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpenMedia({} bytes)", self.file.size)
    }
}

/// What the vault holds of a file.
#[derive(Serialize, Deserialize)]
struct Entry {
    key: String,
    at: Uuid,
    file: MediaRef,
}

/// The content store of an installation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct MediaLibrary {
    pub(super) platform: Platform,
    pub(super) files: Arc<dyn FileStore>,
}

impl MediaLibrary {
    /// Files in `files`, everything about them in the platform's database.
    #[must_use]
    pub fn new(platform: Platform, files: Arc<dyn FileStore>) -> Self {
        Self { platform, files }
    }

    /// Stores a file and its key at once; one that is there already is returned as it is. For engines: `expires_at` is when it may go
    /// although nobody erased it; the message it comes with sets the usual 30 days.
    ///
    /// # Errors
    /// See [`MediaError`].
    pub async fn keep<S>(&self, new: &NewMedia, bytes: S, expires_at: Timestamp) -> Result<MediaRef, MediaError>
    where
        S: Stream<Item = Result<Bytes, MediaError>> + Send + Unpin,
    {
        if let Some(there) = self.describe(new.account, new.id).await? {
            return Ok(there);
        }
        let stored = self.store(new, bytes, Some(expires_at)).await?;
        table::keep_key(self.platform.pool(), new.account, stored.key).await?;
        // Somebody else may have been faster: what counts is what is there.
        Ok(self.describe(new.account, new.id).await?.unwrap_or(stored.file))
    }

    /// Stores a file. It cannot be read before [`StoredMedia::key`] is stored; if that never happens it is swept.
    ///
    /// # Errors
    /// See [`MediaError`]; nothing is left of the file then.
    pub async fn store<S>(&self, new: &NewMedia, bytes: S, expires_at: Option<Timestamp>) -> Result<StoredMedia, MediaError>
    where
        S: Stream<Item = Result<Bytes, MediaError>> + Send + Unpin,
    {
        let (now, file) = (self.platform.now(), self.platform.new_uuid());
        let NewMedia { id: media, account, message, .. } = *new;
        let noted = table::NewFile { file, account, media, message, at: now, check_after: now + UNCLAIMED };
        table::note(self.platform.pool(), &noted).await?;
        let key = self.platform.random_bytes();
        match self.write(new, bytes, file, &key).await {
            Ok(written) => {
                let entry = Entry { key: URL_SAFE_NO_PAD.encode(key), at: file, file: written.clone() };
                let key = self.seal(account, media.as_uuid(), &entry, expires_at)?;
                Ok(StoredMedia { file: written, key })
            }
            Err(error) => {
                self.remove(&[file]).await;
                Err(error)
            }
        }
    }

    async fn write<S>(&self, new: &NewMedia, bytes: S, at: Uuid, key: &FileKey) -> Result<MediaRef, MediaError>
    where
        S: Stream<Item = Result<Bytes, MediaError>> + Send + Unpin,
    {
        // Asked again below after its end.
        let mut bytes = bytes.fuse();
        let mut out = Out::new(key, limits::most_bytes(new.usage));
        while out.waiting.len() < sniff::HEAD
            && let Some(piece) = bytes.next().await
        {
            out.take(&piece?)?;
        }
        if out.size == 0 {
            return Err(MediaError::Empty);
        }
        let head = &out.waiting[..out.waiting.len().min(sniff::HEAD)];
        let mime_type = sniff::mime_type(head, new.usage, new.declared_type.as_deref(), new.extension.as_deref())?;
        let shown = matches!(new.usage, MediaUse::Image | MediaUse::Sticker).then(|| imagesize::blob_size(head).ok()).flatten();
        let mut file = self.files.create(at).await.map_err(failed)?;
        out.flush(&mut *file).await?;
        while let Some(piece) = bytes.next().await {
            out.take(&piece?)?;
            out.flush(&mut *file).await?;
        }
        let (size, digest) = out.finish(file).await?;
        Ok(MediaRef {
            id: new.id,
            mime_type,
            size,
            digest,
            file_name: new.file_name.clone(),
            width: shown.and_then(|shown| u32::try_from(shown.width).ok()),
            height: shown.and_then(|shown| u32::try_from(shown.height).ok()),
            seconds: new.seconds,
        })
    }

    /// Stores the key of a file that belongs to no append.
    pub(crate) async fn keep_key(&self, account: AccountId, key: NewContent) -> Result<(), StoreError> {
        table::keep_key(self.platform.pool(), account, key).await
    }

    /// What is known of a file; `None` once its key is erased.
    ///
    /// # Errors
    /// The database.
    pub async fn describe(&self, account: AccountId, id: MediaId) -> Result<Option<MediaRef>, MediaError> {
        Ok(self.entry(account, id).await?.map(|entry| entry.file))
    }

    /// A file to be read; `None` once its key is erased.
    ///
    /// # Errors
    /// The database, folder or bucket.
    pub async fn open(&self, account: AccountId, id: MediaId) -> Result<Option<OpenMedia>, MediaError> {
        let Some(entry) = self.entry(account, id).await? else { return Ok(None) };
        let key = URL_SAFE_NO_PAD.decode(&entry.key).ok().and_then(|key| FileKey::try_from(key).ok());
        let key = key.ok_or_else(|| StoreError::Unreadable("a file's key has the wrong length".into()))?;
        let Some(sealed) = self.files.read(entry.at).await.map_err(failed)? else { return Ok(None) };
        Ok(Some(OpenMedia { file: entry.file, bytes: decrypted(sealed, &key) }))
    }

    /// Keeps the key a second time, for the webhook of our own message, until `expires_at`. Repeating is harmless.
    pub(crate) async fn keep_copy(&self, account: AccountId, id: MediaId, expires_at: Timestamp) -> Result<(), MediaError> {
        let Some(entry) = self.entry(account, id).await? else { return Ok(()) };
        let key = self.seal(account, own::copy_of(id), &entry, Some(expires_at))?;
        Ok(table::keep_key(self.platform.pool(), account, key).await?)
    }

    async fn entry(&self, account: AccountId, id: MediaId) -> Result<Option<Entry>, StoreError> {
        for id in [id.as_uuid(), own::copy_of(id)] {
            if let Some(bytes) = self.platform.vault.open_content(account, id).await? {
                return serde_json::from_slice(&bytes).map(Some).map_err(|error| StoreError::Unreadable(error.to_string()));
            }
        }
        Ok(None)
    }

    fn seal(&self, account: AccountId, id: Uuid, entry: &Entry, expires_at: Option<Timestamp>) -> Result<NewContent, StoreError> {
        let bytes = serde_json::to_vec(entry).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        self.platform.vault.seal_content(account, id, &bytes, expires_at)
    }
}

pub(super) fn failed(error: super::files::FileError) -> MediaError {
    MediaError::Files(error.0)
}

/// A file on its way into the store.
struct Out {
    encryptor: Encryptor,
    waiting: BytesMut,
    hash: Sha256,
    size: u64,
    most: u64,
}

impl Out {
    fn new(key: &FileKey, most: u64) -> Self {
        Self { encryptor: Encryptor::new(key), waiting: BytesMut::new(), hash: Sha256::new(), size: 0, most }
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), MediaError> {
        self.size += piece.len() as u64;
        if self.size > self.most {
            return Err(MediaError::TooLarge(self.most));
        }
        self.hash.update(piece);
        self.waiting.extend_from_slice(piece);
        Ok(())
    }

    /// Writes every chunk that surely is not the last.
    async fn flush(&mut self, file: &mut dyn FileWriter) -> Result<(), MediaError> {
        while self.waiting.len() > CHUNK {
            let chunk = self.waiting.split_to(CHUNK);
            let sealed = self.encryptor.next(&chunk).map_err(|_| damaged())?;
            file.write(sealed).await.map_err(failed)?;
        }
        Ok(())
    }

    async fn finish(self, mut file: Box<dyn FileWriter>) -> Result<(u64, String), MediaError> {
        let sealed = self.encryptor.last(&self.waiting).map_err(|_| damaged())?;
        file.write(sealed).await.map_err(failed)?;
        file.finish().await.map_err(failed)?;
        let digest = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok((self.size, digest))
    }
}

fn damaged() -> MediaError {
    MediaError::Files("a chunk cannot be decrypted".to_owned())
}

struct In {
    sealed: Bytestream,
    waiting: BytesMut,
    decryptor: Option<Decryptor>,
}

fn decrypted(sealed: Bytestream, key: &FileKey) -> BoxStream<'static, Result<Bytes, MediaError>> {
    let state = In { sealed, waiting: BytesMut::new(), decryptor: Some(Decryptor::new(key)) };
    Box::pin(futures::stream::try_unfold(state, |mut state| async move {
        if state.decryptor.is_none() {
            return Ok(None);
        }
        while state.waiting.len() <= SEALED_CHUNK {
            match state.sealed.next().await {
                Some(piece) => state.waiting.extend_from_slice(&piece.map_err(failed)?),
                None => {
                    let Some(decryptor) = state.decryptor.take() else { return Ok(None) };
                    let last = decryptor.last(&state.waiting).map_err(|_| damaged())?;
                    state.waiting.clear();
                    return Ok(Some((Bytes::from(last), state)));
                }
            }
        }
        let chunk = state.waiting.split_to(SEALED_CHUNK);
        let Some(decryptor) = &mut state.decryptor else { return Ok(None) };
        let opened = decryptor.next(&chunk).map_err(|_| damaged())?;
        Ok(Some((Bytes::from(opened), state)))
    }))
}
