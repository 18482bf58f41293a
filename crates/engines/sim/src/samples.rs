//! Something of every kind to send with one click. The files were drawn and recorded for this project.

use recado_kernel::AccountId;
use recado_messaging::MessageContent;
use recado_messaging::domain::message::{
    AudioContent, ContactCard, Coordinate, DocumentContent, ImageContent, LocationContent, PollContent, StickerContent,
    VideoContent,
};

use crate::{NewFile, Sim, SimError};

/// What there is a sample of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sample {
    /// A picture.
    Photo,
    /// A voice note of three seconds.
    Voice,
    /// A film of three seconds.
    Video,
    /// A PDF of one page.
    Document,
    /// A sticker.
    Sticker,
    /// A place.
    Location,
    /// A contact card.
    Contact,
    /// A poll.
    Poll,
}

impl Sample {
    /// Every sample, in the order menus show them.
    pub const ALL: [Self; 8] =
        [Self::Photo, Self::Voice, Self::Video, Self::Document, Self::Sticker, Self::Location, Self::Contact, Self::Poll];

    /// The name of its kind ([`recado_messaging::MessageKind::as_str`]).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Photo => "image",
            Self::Voice => "audio",
            Self::Video => "video",
            Self::Document => "document",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Contact => "contact",
            Self::Poll => "poll",
        }
    }

    /// By the name of its kind.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sample| sample.as_str() == name)
    }

    fn file(self) -> Option<NewFile> {
        let file = |mime_type: &str, name: &str, bytes: &'static [u8]| NewFile {
            mime_type: mime_type.to_owned(),
            file_name: Some(name.to_owned()),
            bytes: bytes.to_vec(),
            ..NewFile::default()
        };
        Some(match self {
            Self::Photo => {
                NewFile { pixels: Some((800, 600)), ..file("image/jpeg", "vitrine.jpg", include_bytes!("../samples/photo.jpg")) }
            }
            Self::Voice => NewFile {
                seconds: Some(3),
                ..file("audio/ogg; codecs=opus", "nota-de-voz.ogg", include_bytes!("../samples/voice.ogg"))
            },
            Self::Video => NewFile {
                pixels: Some((480, 360)),
                seconds: Some(3),
                ..file("video/mp4", "cafe.mp4", include_bytes!("../samples/video.mp4"))
            },
            Self::Document => file("application/pdf", "orcamento.pdf", include_bytes!("../samples/document.pdf")),
            Self::Sticker => {
                NewFile { pixels: Some((512, 512)), ..file("image/webp", "pao.webp", include_bytes!("../samples/sticker.webp")) }
            }
            Self::Location | Self::Contact | Self::Poll => return None,
        })
    }
}

impl Sim {
    /// A content ready to be sent from a phone of the account.
    ///
    /// # Errors
    /// The database.
    pub async fn sample(&self, account: AccountId, sample: Sample) -> Result<MessageContent, SimError> {
        let Some(file) = sample.file() else { return without_file(sample) };
        let media = self.put_file(account, file).await?.into();
        Ok(match sample {
            Sample::Photo => {
                ImageContent { media, caption: "Nossa vitrine hoje".into(), view_once: false, mentioned: vec![] }.into()
            }
            Sample::Voice => AudioContent { media, ptt: true, waveform: true, view_once: false }.into(),
            Sample::Video => {
                VideoContent { media, caption: "Café passado na hora".into(), view_once: false, mentioned: vec![] }.into()
            }
            Sample::Sticker => StickerContent { media, author: None }.into(),
            _ => DocumentContent {
                media,
                extension: "pdf".into(),
                file_name: Some("orcamento.pdf".into()),
                caption: String::new(),
                page_count: Some(1),
                edits: None,
            }
            .into(),
        })
    }
}

fn without_file(sample: Sample) -> Result<MessageContent, SimError> {
    let degrees = |text: &str| text.parse::<Coordinate>().map_err(|error| SimError::InvalidContent(error.to_string()));
    Ok(match sample {
        Sample::Location => LocationContent {
            latitude: degrees("-16.6869")?,
            longitude: degrees("-49.2648")?,
            name: "Padaria Ipê".into(),
            address: "Rua 4, 120, Setor Central, Goiânia".into(),
            url: String::new(),
        }
        .into(),
        Sample::Contact => ContactCard {
            name: "Bruno Reis".into(),
            phones: vec!["5562977776666".into()],
            business_description: None,
            vcard: None,
        }
        .into(),
        _ => PollContent {
            question: "Qual o melhor horário para a entrega?".into(),
            options: vec!["Manhã".into(), "Tarde".into(), "Noite".into()],
            max_options: 1,
        }
        .into(),
    })
}
