//! The files that phones hold. The core erases a message's files when it was sent, so a phone keeps its own; and what a phone sends is put
//! into the core's content store before the core hears of it. Everything goes piece by piece: no file is ever whole in memory.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use recado_event_store::{Platform, StoreError};
use recado_kernel::AccountId;
use recado_messaging::domain::message::{
    AudioContent, DocumentContent, GifContent, ImageContent, PtvContent, StickerContent, VideoContent,
};
use recado_messaging::{Media, MediaId, MediaRef, MessageContent, MessageKind};
use sha2::{Digest as _, Sha256};

use crate::store::parts::{self, PART_BYTES};
use crate::{Sim, SimError};

/// The bytes of a file, piece by piece.
pub type Pieces = BoxStream<'static, Result<Vec<u8>, StoreError>>;

/// The core's content store, as far as phones need it.
#[async_trait]
pub trait CoreFiles: Send + Sync + 'static {
    /// A file of the account; `None` when it is gone.
    async fn read(&self, account: AccountId, file: &MediaRef) -> Result<Option<Pieces>, StoreError>;

    /// Stores a file that arrives for the account; the same again is harmless. Returns where it lies.
    async fn write(&self, account: AccountId, file: &MediaRef, bytes: Pieces) -> Result<MediaRef, StoreError>;
}

/// A file somebody picks on a phone.
#[derive(Debug, Clone, Default)]
pub struct NewFile {
    /// E.g. `image/jpeg`.
    pub mime_type: String,
    /// Its name.
    pub file_name: Option<String>,
    /// All of it.
    pub bytes: Vec<u8>,
    /// Pixels across and down, where known.
    pub pixels: Option<(u32, u32)>,
    /// How long it plays, where known.
    pub seconds: Option<u32>,
}

/// Storage of phones, and the way to the core's.
pub(crate) struct Files {
    platform: Platform,
    core: Option<Arc<dyn CoreFiles>>,
}

impl Files {
    pub(crate) const fn new(platform: Platform, core: Option<Arc<dyn CoreFiles>>) -> Self {
        Self { platform, core }
    }

    /// Copies the files of a content from the core to the phones, and makes the content point there.
    pub(crate) async fn keep(&self, account: AccountId, content: &mut MessageContent) -> Result<(), SimError> {
        let Some(core) = &self.core else { return Ok(()) };
        for media in content.media_mut() {
            let Media::Stored(file) = media else { continue };
            let id = phone_file(account, &file.digest);
            if !parts::is_complete(&self.platform, id.as_uuid()).await? {
                let Some(bytes) = core.read(account, file).await? else { continue };
                self.fill(id, bytes).await?;
            }
            file.id = id;
        }
        Ok(())
    }

    /// The same the other way, for a session of `account`.
    pub(crate) async fn hand_over(&self, account: AccountId, content: &mut MessageContent) -> Result<(), SimError> {
        let Some(core) = &self.core else { return Ok(()) };
        for media in content.media_mut() {
            let Media::Stored(file) = media else { continue };
            if parts::is_complete(&self.platform, file.id.as_uuid()).await? {
                *file = core.write(account, file, self.pieces(file.id)).await?;
            }
        }
        Ok(())
    }

    /// The first piece is stored last: it tells that the others are there.
    async fn fill(&self, id: MediaId, mut bytes: Pieces) -> Result<(), SimError> {
        let (mut first, mut waiting, mut number) = (None, Vec::new(), 0);
        while let Some(piece) = bytes.next().await {
            waiting.extend(piece?);
            while waiting.len() >= PART_BYTES {
                let rest = waiting.split_off(PART_BYTES);
                let full = std::mem::replace(&mut waiting, rest);
                self.place(id, &mut first, &mut number, full).await?;
            }
        }
        if !waiting.is_empty() || first.is_none() {
            self.place(id, &mut first, &mut number, waiting).await?;
        }
        Ok(parts::put(&self.platform, id.as_uuid(), 0, &first.unwrap_or_default()).await?)
    }

    async fn place(&self, id: MediaId, first: &mut Option<Vec<u8>>, number: &mut usize, piece: Vec<u8>) -> Result<(), SimError> {
        match first {
            None => *first = Some(piece),
            Some(_) => parts::put(&self.platform, id.as_uuid(), *number, &piece).await?,
        }
        *number += 1;
        Ok(())
    }

    pub(crate) fn pieces(&self, id: MediaId) -> Pieces {
        let platform = self.platform.clone();
        let step = move |number: usize| {
            let platform = platform.clone();
            async move {
                match parts::get(&platform, id.as_uuid(), number).await {
                    Ok(Some(piece)) => Some((Ok(piece), number + 1)),
                    Ok(None) => None,
                    // Broken off, never cut short.
                    Err(error) => Some((Err(error), usize::MAX)),
                }
            }
        };
        stream::unfold(0, step).boxed()
    }
}

/// What a file is sent as when nobody says.
fn usual_kind(mime_type: &str) -> MessageKind {
    match mime_type.split(['/', ';']).next().unwrap_or_default() {
        "image" if !mime_type.starts_with("image/svg") => MessageKind::Image,
        "audio" => MessageKind::Audio,
        "video" => MessageKind::Video,
        _ => MessageKind::Document,
    }
}

/// By the end of the name, for whoever does not say.
fn usual_mime(name: &str) -> &'static str {
    match extension(name).as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "ogg" | "opus" => "audio/ogg; codecs=opus",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        _ => "application/octet-stream",
    }
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default()
}

/// The same bytes are kept once per account.
fn phone_file(account: AccountId, digest: &str) -> MediaId {
    MediaId::derive(account.as_uuid(), &format!("sim-file/{digest}"))
}

impl Sim {
    pub(crate) fn files(&self) -> Files {
        Files::new(self.platform.clone(), self.core_files.clone())
    }

    /// Makes the content point into the core's store before the core hears of it.
    pub(crate) async fn hand_over(&self, account: AccountId, content: &mut MessageContent) -> Result<(), SimError> {
        self.files().hand_over(account, content).await
    }

    /// Puts a file on the phones of an account, to be sent in a message.
    ///
    /// # Errors
    /// An empty file, or the database.
    pub async fn put_file(&self, account: AccountId, file: NewFile) -> Result<MediaRef, SimError> {
        if file.bytes.is_empty() {
            return Err(SimError::InvalidFile("the file is empty".into()));
        }
        let digest: String = Sha256::digest(&file.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let id = phone_file(account, &digest);
        let size = file.bytes.len() as u64;
        if !parts::is_complete(&self.platform, id.as_uuid()).await? {
            self.files().fill(id, stream::once(async move { Ok(file.bytes) }).boxed()).await?;
        }
        let (width, height) = file.pixels.unzip();
        let (mime_type, file_name, seconds) = (file.mime_type, file.file_name, file.seconds);
        Ok(MediaRef { id, mime_type, size, digest, file_name, width, height, seconds })
    }

    /// A file as a message: as a picture, voice note, film or document by its type, or as `kind` says.
    ///
    /// # Errors
    /// An empty file, one that cannot be that kind, or the database.
    pub async fn file_content(
        &self,
        account: AccountId,
        mut file: NewFile,
        kind: Option<MessageKind>,
        caption: &str,
    ) -> Result<MessageContent, SimError> {
        let name = file.file_name.clone().unwrap_or_default();
        if file.mime_type.is_empty() || file.mime_type == "application/octet-stream" {
            usual_mime(&name).clone_into(&mut file.mime_type);
        }
        let usual = usual_kind(&file.mime_type);
        let kind = kind.unwrap_or(usual);
        let fits = match kind {
            MessageKind::Image | MessageKind::Sticker => usual == MessageKind::Image,
            MessageKind::Audio => usual == MessageKind::Audio,
            MessageKind::Video | MessageKind::Gif | MessageKind::Ptv => usual == MessageKind::Video,
            MessageKind::Document => true,
            _ => false,
        };
        if !fits {
            return Err(SimError::InvalidFile(format!("a file of type {} cannot be sent as {}", file.mime_type, kind.as_str())));
        }
        let media: Media = self.put_file(account, file).await?.into();
        let caption = caption.to_owned();
        Ok(match kind {
            MessageKind::Image => ImageContent { media, caption, view_once: false, mentioned: vec![] }.into(),
            MessageKind::Sticker => StickerContent { media, author: None }.into(),
            MessageKind::Audio => AudioContent { media, ptt: true, waveform: true, view_once: false }.into(),
            MessageKind::Video => VideoContent { media, caption, view_once: false, mentioned: vec![] }.into(),
            MessageKind::Gif => GifContent { media, caption }.into(),
            MessageKind::Ptv => PtvContent { media }.into(),
            _ => {
                let file_name = (!name.is_empty()).then(|| name.clone());
                DocumentContent { media, extension: extension(&name), file_name, caption, page_count: None, edits: None }.into()
            }
        })
    }

    /// The bytes of a phone's file; `None` when the phones do not have it. Whoever asks has been shown the message it belongs to.
    ///
    /// # Errors
    /// The database.
    pub async fn open_file(&self, file: &MediaRef) -> Result<Option<Pieces>, SimError> {
        let there = parts::is_complete(&self.platform, file.id.as_uuid()).await?;
        Ok(there.then(|| self.files().pieces(file.id)))
    }
}
