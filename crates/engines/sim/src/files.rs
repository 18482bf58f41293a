//! The files that phones hold. The core erases a message's files when it was sent, so a phone keeps its own; and what a phone sends is put
//! into the core's content store before the core hears of it. Everything goes piece by piece: no file is ever whole in memory.

use bytes::Bytes;
use chrono::Duration;
use futures::stream::{self, BoxStream};
use futures::{StreamExt as _, TryStreamExt as _};
use recado_event_store::Platform;
use recado_kernel::{AccountId, WireId};
use recado_messaging::domain::message::{
    AudioContent, DocumentContent, GifContent, ImageContent, PtvContent, StickerContent, VideoContent,
};
use recado_messaging::media::{MediaError, MediaLibrary, NewMedia, limits, sniff_type};
use recado_messaging::{Media, MediaId, MediaRef, MediaUse, MessageContent, MessageKind};
use sha2::{Digest as _, Sha256};

use crate::session::Session;
use crate::store::parts::{self, PART_BYTES};
use crate::{Sim, SimError};

/// The bytes of a file, piece by piece.
pub type Pieces = BoxStream<'static, Result<Vec<u8>, SimError>>;

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
    core: Option<MediaLibrary>,
}

impl Files {
    pub(crate) const fn new(platform: Platform, core: Option<MediaLibrary>) -> Self {
        Self { platform, core }
    }

    /// Copies the files of a content from the core to the phones, and makes the content point there. One that is gone leaves a message
    /// without its file.
    pub(crate) async fn keep(&self, account: AccountId, content: &mut MessageContent) -> Result<(), SimError> {
        let Some(core) = &self.core else { return Ok(()) };
        for media in content.media_mut() {
            let Media::Stored(file) = media else { continue };
            let id = phone_file(account, &file.digest);
            if !parts::is_complete(&self.platform, id.as_uuid()).await? {
                let Some(open) = core.open(account, file.id).await? else { continue };
                self.fill(id, open.bytes.map_ok(Vec::from).map_err(SimError::from).boxed()).await?;
            }
            file.id = id;
        }
        Ok(())
    }

    /// The same the other way, for a session that is told of the message. A file the core does not take arrives without its bytes.
    pub(crate) async fn hand_over(
        &self,
        session: &Session,
        wire_id: &WireId,
        content: &mut MessageContent,
    ) -> Result<(), SimError> {
        let Some(core) = &self.core else { return Ok(()) };
        let expires_at = self.platform.now() + Duration::days(limits::KEPT_DAYS);
        let uses: Vec<MediaUse> = content.media().iter().map(|(usage, _)| *usage).collect();
        for (slot, (media, usage)) in content.media_mut().into_iter().zip(uses).enumerate() {
            let Media::Stored(file) = media else { continue };
            if !parts::is_complete(&self.platform, file.id.as_uuid()).await? {
                continue;
            }
            let mut new = NewMedia::incoming(session.account, session.instance, wire_id, usage);
            if slot > 0 {
                new.id = MediaId::derive(session.instance.as_uuid(), &format!("incoming/{wire_id}/{slot}"));
            }
            new.declared_type = Some(file.mime_type.clone());
            new.file_name.clone_from(&file.file_name);
            new.extension = file.file_name.as_deref().map(extension).filter(|extension| !extension.is_empty());
            new.seconds = file.seconds;
            let bytes = self.pieces(file.id).map_ok(Bytes::from).map_err(|error| match error {
                SimError::Store(error) => MediaError::from(error),
                other => MediaError::Files(other.to_string()),
            });
            match core.keep(&new, bytes.boxed(), expires_at).await {
                // Pixels and seconds as the phone knows them, where the bytes do not tell.
                Ok(stored) => {
                    let (width, height) = (stored.width.or(file.width), stored.height.or(file.height));
                    *file = MediaRef { width, height, ..stored };
                }
                Err(error @ (MediaError::WrongType | MediaError::TooLarge(_) | MediaError::Empty)) => {
                    tracing::debug!(%error, "the core does not take a simulated phone's file");
                }
                Err(error) => return Err(error.into()),
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
                    Err(error) => Some((Err(error.into()), usize::MAX)),
                }
            }
        };
        // Whoever reads may ask once more after the end.
        stream::unfold(0, step).fuse().boxed()
    }
}

/// What a file is sent as when nobody says: by its type, else by the end of its name.
fn usual_kind(mime_type: &str, name: &str) -> MessageKind {
    match (mime_type.split(['/', ';']).next().unwrap_or_default(), extension(name).as_str()) {
        ("image", end) if end != "svg" => MessageKind::Image,
        ("audio", _) | ("", "ogg" | "opus" | "mp3" | "m4a" | "wav") => MessageKind::Audio,
        ("video", _) | ("", "mp4" | "webm" | "3gp") => MessageKind::Video,
        ("", "jpg" | "jpeg" | "png" | "webp" | "gif") => MessageKind::Image,
        _ => MessageKind::Document,
    }
}

const fn usage(kind: MessageKind) -> Option<MediaUse> {
    match kind {
        MessageKind::Image => Some(MediaUse::Image),
        MessageKind::Sticker => Some(MediaUse::Sticker),
        MessageKind::Audio => Some(MediaUse::Audio),
        MessageKind::Video | MessageKind::Gif | MessageKind::Ptv => Some(MediaUse::Video),
        MessageKind::Document => Some(MediaUse::Document),
        _ => None,
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
        Files::new(self.platform.clone(), self.media.clone())
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
        let kind = kind.unwrap_or_else(|| usual_kind(&file.mime_type, &name));
        let usage = usage(kind).ok_or_else(|| SimError::InvalidFile(format!("no file is sent as {}", kind.as_str())))?;
        if file.bytes.len() as u64 > limits::most_bytes(usage) {
            return Err(SimError::InvalidFile(format!("a file for this may have {} bytes", limits::most_bytes(usage))));
        }
        let declared = Some(file.mime_type.as_str()).filter(|declared| !declared.is_empty());
        let found = sniff_type(
            &file.bytes,
            usage,
            declared,
            Some(&extension(&name)).filter(|known| !known.is_empty()).map(String::as_str),
        );
        file.mime_type = found.map_err(|error| SimError::InvalidFile(error.to_string()))?;
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
