//! The content store: encrypted, readable once its message exists, gone with it.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use chrono::Duration;
use futures::{StreamExt as _, TryStreamExt as _};
use recado_kernel::{CommandId, WireId};
use recado_messaging::domain::message::{DocumentContent, ImageContent};
use recado_messaging::media::files::Folder;
use recado_messaging::media::{MediaError, MediaLibrary, MediaSource, NewMedia};
use recado_messaging::net::AddressPolicy;
use recado_messaging::{AcceptMessage, Incoming, Media, MediaRef, MediaUse, MessageContent, Receipt, SendResult, WebhookKind};

use crate::stage::Stage;

/// A picture of one pixel and something to recognise it by.
fn picture(size: usize) -> Vec<u8> {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x07\0\0\0\x05\x08\x06\0\0\0";
    let body = b"segredo da padaria ".iter().copied().cycle();
    head.iter().copied().chain(body).take(size.max(head.len())).collect()
}

struct Store {
    stage: Stage,
    folder: tempfile::TempDir,
}

impl Store {
    async fn start() -> Self {
        let mut stage = Stage::start().await;
        let folder = tempfile::tempdir().unwrap();
        let library = MediaLibrary::new(stage.kit.platform.clone(), Arc::new(Folder::new(folder.path())));
        stage.messaging = stage.messaging.with_media(library);
        Self { stage, folder }
    }

    fn library(&self) -> &MediaLibrary {
        self.stage.messaging.media()
    }

    /// What lies in the folder.
    fn files(&self) -> Vec<Vec<u8>> {
        fn walk(folder: &Path, found: &mut Vec<Vec<u8>>) {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                match entry.path() {
                    path if path.is_dir() => walk(&path, found),
                    path => found.push(std::fs::read(path).unwrap()),
                }
            }
        }
        let mut found = vec![];
        walk(self.folder.path(), &mut found);
        found
    }

    async fn rows(&self) -> usize {
        self.stage.kit.dump(&["media_file"]).await.lines().count()
    }

    async fn send(&self, bytes: &[u8], command_id: Option<CommandId>) -> SendResult {
        let instance = self.stage.messaging.instances(self.stage.account).await.unwrap();
        let id = match instance.first() {
            Some(view) => view.id,
            None => self.stage.instance().await,
        };
        self.stage.catch_up().await;
        let access = self.stage.access(id).await;
        let source = format!("data:image/png;base64,{}", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes));
        let content = ImageContent { media: Media::to_come(), caption: "legenda".into(), view_once: false, mentioned: vec![] };
        let accept = AcceptMessage {
            media: vec![MediaSource::parse(source, MediaUse::Image, AddressPolicy { allow_local: false }).unwrap()],
            command_id,
            ..AcceptMessage::new("5562911112222".parse().unwrap(), content.into())
        };
        self.stage.messaging.accept(&access, accept).await.unwrap()
    }

    async fn file_of(&self, sent: &SendResult) -> MediaRef {
        let content = self.stage.messaging.message_content(self.stage.account, sent.message).await.unwrap().unwrap();
        content.media()[0].1.stored().unwrap().clone()
    }

    async fn read(&self, file: &MediaRef) -> Option<Vec<u8>> {
        let open = self.library().open(self.stage.account, file.id).await.unwrap()?;
        let pieces: Vec<Bytes> = open.bytes.try_collect().await.unwrap();
        Some(pieces.concat())
    }

    async fn only_instance(&self) -> recado_kernel::InstanceId {
        self.stage.messaging.instances(self.stage.account).await.unwrap()[0].id
    }

    async fn sweep(&self) {
        let now = self.stage.kit.platform.now();
        self.stage.kit.platform.vault.sweep_expired(now).await.unwrap();
        self.library().sweep(now).await.unwrap();
    }
}

fn stream(bytes: &[u8]) -> impl futures::Stream<Item = Result<Bytes, MediaError>> + Send + Unpin + use<> {
    let pieces: Vec<_> = bytes.chunks(10_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    futures::stream::iter(pieces).boxed()
}

#[tokio::test]
async fn a_file_is_unreadable_in_the_folder_and_whole_for_whoever_has_its_message() {
    let store = Store::start().await;
    for size in [100, 65_536, 65_537, 131_072, 300_000] {
        let sent = store.send(&picture(size), None).await;
        let file = store.file_of(&sent).await;
        assert_eq!((file.size, file.width, file.height), (size as u64, Some(7), Some(5)), "{size}");
        assert_eq!(file.mime_type, "image/png");
        assert_eq!(store.read(&file).await.unwrap(), picture(size), "{size}");
    }
    for bytes in store.files() {
        assert!(!bytes.windows(7).any(|part| part == b"segredo"), "a file lies in clear");
    }
    assert_eq!(store.files().len(), 5);
}

#[tokio::test]
async fn the_file_goes_with_its_message() {
    let store = Store::start().await;
    let sent = store.send(&picture(500), None).await;
    let cancelled = store.send(&picture(600), None).await;
    let id = store.only_instance().await;
    assert!(store.stage.messaging.cancel_message(store.stage.meta(), id, cancelled.message).await.unwrap());
    assert_eq!((store.files().len(), store.rows().await), (1, 1), "the bytes go with the cancellation");
    let file = store.file_of(&sent).await;
    store.stage.messaging.record_message_receipt(&store.stage.fact(id), sent.message, Receipt::Sent).await.unwrap();
    assert!(store.read(&file).await.is_none(), "the key went in the statement that says `sent`");
    // Here the server dies. Its bytes are found by the sweep.
    assert_eq!(store.files().len(), 1);
    store.stage.kit.clock.advance(Duration::hours(2));
    store.sweep().await;
    assert_eq!((store.files().len(), store.rows().await), (0, 0));
    assert_eq!(store.stage.kit.dump(&["content"]).await.lines().count(), 0);
}

#[tokio::test]
async fn what_waits_is_not_swept() {
    let store = Store::start().await;
    let sent = store.send(&picture(500), None).await;
    for _ in 0..3 {
        store.stage.kit.clock.advance(Duration::days(2));
        store.sweep().await;
    }
    assert_eq!(store.read(&store.file_of(&sent).await).await.unwrap(), picture(500));
}

#[tokio::test]
async fn a_file_without_a_message_is_swept() {
    let store = Store::start().await;
    let media = NewMedia::incoming(
        store.stage.account,
        recado_kernel::InstanceId::from_uuid(store.stage.kit.platform.new_uuid()),
        &WireId::parse("3A01").unwrap(),
        MediaUse::Image,
    );
    store.library().store(&media, stream(&picture(500)), None).await.unwrap();
    store.sweep().await;
    assert_eq!(store.files().len(), 1, "whoever stored it may be about to store its message");
    store.stage.kit.clock.advance(Duration::hours(2));
    store.sweep().await;
    assert_eq!((store.files().len(), store.rows().await), (0, 0));
}

#[tokio::test]
async fn what_is_too_large_or_something_else_leaves_nothing() {
    let store = Store::start().await;
    let new = |usage| {
        let instance = recado_kernel::InstanceId::from_uuid(store.stage.kit.platform.new_uuid());
        NewMedia::incoming(store.stage.account, instance, &WireId::parse("3A01").unwrap(), usage)
    };
    let large = picture(16 * 1024 * 1024 + 1);
    let refused = store.library().store(&new(MediaUse::Image), stream(&large), None).await;
    assert!(matches!(refused, Err(MediaError::TooLarge(16_777_216))), "{refused:?}");
    let refused = store.library().store(&new(MediaUse::Video), stream(&picture(90_000)), None).await;
    assert!(matches!(refused, Err(MediaError::WrongType)), "{refused:?}");
    let refused = store.library().store(&new(MediaUse::Document), stream(b""), None).await;
    assert!(matches!(refused, Err(MediaError::Empty)), "{refused:?}");
    let broken = stream(&picture(90_000)).chain(futures::stream::iter([Err(MediaError::Unreachable("x".into()))])).boxed();
    let refused = store.library().store(&new(MediaUse::Image), broken, None).await;
    assert!(matches!(refused, Err(MediaError::Unreachable(_))), "{refused:?}");
    assert_eq!((store.files().len(), store.rows().await), (0, 0));
}

#[tokio::test]
async fn a_repeated_command_keeps_the_first_file_readable() {
    let store = Store::start().await;
    let command = Some(CommandId::from_uuid(store.stage.kit.platform.new_uuid()));
    let first = store.send(&picture(500), command).await;
    let second = store.send(&picture(500), command).await;
    assert_eq!(first.message, second.message);
    assert_eq!(store.read(&store.file_of(&first).await).await.unwrap(), picture(500));
    let id = store.only_instance().await;
    assert!(store.stage.messaging.cancel_message(store.stage.meta(), id, first.message).await.unwrap());
    assert_eq!((store.files().len(), store.rows().await), (0, 0), "both copies go");
}

/// A received picture, told to a receiver or to nobody.
async fn receive(store: &Store, told: bool) -> MediaRef {
    let id = store.stage.instance().await;
    if told {
        let url = Some("https://example.com/hook");
        store.stage.messaging.set_webhook(store.stage.meta(), id, WebhookKind::Received, url).await.unwrap();
    }
    let wire = WireId::parse("3A0011223344").unwrap();
    let new = NewMedia::incoming(store.stage.account, id, &wire, MediaUse::Document);
    let day = store.stage.kit.platform.now() + Duration::days(1);
    let file = store.library().keep(&new, stream(b"%PDF-1.7 orcamento"), day).await.unwrap();
    let again = store.library().keep(&new, stream(b"%PDF-1.7 orcamento"), day).await.unwrap();
    assert_eq!(file, again, "told twice, kept once");
    let content = DocumentContent {
        media: file.clone().into(),
        extension: "pdf".into(),
        file_name: None,
        caption: String::new(),
        page_count: None,
        edits: None,
    };
    let incoming = Incoming::from_person(wire, "5562933334444".parse().unwrap(), MessageContent::from(content));
    store.stage.messaging.record_incoming(&store.stage.fact(id), incoming).await.unwrap();
    store.stage.catch_up().await;
    file
}

#[tokio::test]
async fn received_files_have_an_address_for_thirty_days() {
    let store = Store::start().await;
    let file = receive(&store, true).await;
    let links = store.stage.messaging.media_links();
    let url = links.of(&file);
    let name = url.rsplit('/').next().unwrap().to_owned();
    assert!(url.starts_with("http://localhost/media/") && url.ends_with(".pdf"), "{url}");
    store.stage.kit.clock.advance(Duration::days(29));
    store.sweep().await;
    let open = links.open(&name).await.unwrap().unwrap();
    assert_eq!(open.file.mime_type, "application/pdf");
    let mut guessed = name.clone();
    guessed.replace_range(40..41, if &name[40..41] == "0" { "1" } else { "0" });
    for wrong in [guessed.as_str(), &name[..32], "x", "", &name[..50]] {
        assert!(links.open(wrong).await.unwrap().is_none(), "{wrong}");
    }
    store.stage.kit.clock.advance(Duration::days(2));
    store.sweep().await;
    assert!(links.open(&name).await.unwrap().is_none());
    assert_eq!((store.files().len(), store.rows().await), (0, 0));
}

#[tokio::test]
async fn received_files_that_nobody_is_told_of_go_at_once() {
    let store = Store::start().await;
    let file = receive(&store, false).await;
    assert!(store.read(&file).await.is_none());
    store.sweep().await;
    assert_eq!((store.files().len(), store.rows().await), (0, 0));
}
