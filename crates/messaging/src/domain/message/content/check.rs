//! What any content must be before it is accepted. Which fields a kind requires is the doors' affair.

use super::MessageContent;

/// Longest text we accept, in bytes of UTF-8: 65,536, WhatsApp's own bound. One constant for every door; longer texts are refused, never cut.
pub const MAX_TEXT_BYTES: usize = 65_536;

/// Most rows, buttons, options, cards or mentions in one message: more is no message but a mistake.
const MOST_PARTS: usize = 1_024;

/// Why a text cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing to send (plugzapi-api.md 1.5, "Required field missing").
    #[error("message is required")]
    Empty,
    /// More than [`MAX_TEXT_BYTES`].
    #[error("message is too long: at most 65536 bytes")]
    TooLong,
    /// It contains the character U+0000, which nobody can store or show.
    #[error("message is invalid")]
    NulCharacter,
}

/// Why a content cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidContent {
    /// Its text.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// Buttons that answer stand beside others: WhatsApp Web cannot show that (plugzapi-api.md 2.3).
    #[error("buttonActions is invalid: REPLY cannot be mixed with CALL or URL")]
    MixedButtons,
    /// A poll without two different options.
    #[error("poll is invalid: at least two different options")]
    PollOptions,
}

/// Checks a text before it is accepted.
///
/// # Errors
/// Empty (or only white space), too long, or with U+0000.
pub fn check_text(text: &str) -> Result<(), InvalidText> {
    if text.trim().is_empty() {
        Err(InvalidText::Empty)
    } else if text.len() > MAX_TEXT_BYTES {
        Err(InvalidText::TooLong)
    } else if text.contains('\0') {
        Err(InvalidText::NulCharacter)
    } else {
        Ok(())
    }
}

impl MessageContent {
    /// Checks a content before it is accepted.
    ///
    /// # Errors
    /// A text that may not be empty is, one is too long or has U+0000; buttons or options that WhatsApp cannot show.
    pub fn check(&self) -> Result<(), InvalidContent> {
        match self {
            Self::Text(content) => check_text(&content.text)?,
            Self::ButtonList(content) => check_text(&content.text)?,
            Self::OptionList(content) => check_text(&content.text)?,
            Self::Poll(content) => {
                check_text(&content.question)?;
                let mut different = content.options.clone();
                different.sort_unstable();
                different.dedup();
                if different.len() < 2 || different.len() < content.options.len() {
                    return Err(InvalidContent::PollOptions);
                }
            }
            Self::ButtonActions(content) => {
                check_text(&content.text)?;
                let replies = content.buttons.iter().filter(|button| button.action.is_reply()).count();
                if replies != 0 && replies != content.buttons.len() {
                    return Err(InvalidContent::MixedButtons);
                }
            }
            _ => {}
        }
        let texts = self.texts();
        if texts.len() > MOST_PARTS || texts.iter().map(|text| text.len()).sum::<usize>() > MAX_TEXT_BYTES {
            return Err(InvalidText::TooLong.into());
        }
        if texts.iter().any(|text| text.contains('\0')) {
            return Err(InvalidText::NulCharacter.into());
        }
        Ok(())
    }

    /// Every text in it that somebody typed.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(content) => {
                let groups = content.group_mentioned.iter().flat_map(|group| [group.phone.as_str(), group.subject.as_str()]);
                let people = content.mentioned.iter().map(recado_kernel::PhoneNumber::as_str);
                std::iter::once(content.text.as_str()).chain(people).chain(groups).collect()
            }
            Self::Image(content) => vec![&content.caption],
            Self::Video(content) => vec![&content.caption],
            Self::Gif(content) => vec![&content.caption],
            Self::Document(content) => {
                vec![&content.caption, &content.extension, content.file_name.as_deref().unwrap_or_default()]
            }
            Self::Sticker(content) => vec![content.author.as_deref().unwrap_or_default()],
            Self::Link(content) => vec![&content.text, &content.url, &content.title, &content.description],
            Self::Location(content) => vec![&content.name, &content.address, &content.url],
            Self::Contact(card) => card.texts(),
            Self::Contacts(content) => content.contacts.iter().flat_map(super::ContactCard::texts).collect(),
            Self::Reaction(content) => vec![&content.emoji],
            Self::ButtonList(content) => {
                let buttons = content.buttons.iter().flat_map(|button| [button.id.as_str(), button.label.as_str()]);
                std::iter::once(content.text.as_str()).chain(buttons).collect()
            }
            Self::OptionList(content) => {
                let rows = content.options.iter().flat_map(|row| [row.id.as_str(), row.title.as_str(), row.description.as_str()]);
                [content.text.as_str(), content.title.as_str(), content.button_label.as_str()].into_iter().chain(rows).collect()
            }
            Self::ButtonActions(content) => {
                let buttons =
                    content.buttons.iter().flat_map(|button| [button.id.as_str(), button.label.as_str(), button.action.target()]);
                let head = [content.text.as_str(), content.title.as_str(), content.footer.as_str()];
                head.into_iter().chain(buttons).collect()
            }
            Self::ButtonPix(content) => vec![&content.key, &content.merchant_name],
            Self::ButtonOtp(content) => vec![&content.text, &content.code, &content.button_text],
            Self::Poll(content) => {
                std::iter::once(content.question.as_str()).chain(content.options.iter().map(String::as_str)).collect()
            }
            Self::PollVote(content) => content.options.iter().map(String::as_str).collect(),
            Self::ButtonResponse(content) => vec![&content.button_id, &content.text],
            Self::ListResponse(content) => vec![&content.row_id, &content.title, &content.text],
            Self::Audio(_) | Self::Ptv(_) | Self::Forward(_) | Self::Revoke(_) => vec![],
        }
    }
}

impl super::ContactCard {
    fn texts(&self) -> Vec<&str> {
        let more = [self.business_description.as_deref(), self.vcard.as_deref()];
        let phones = self.phones.iter().map(String::as_str);
        std::iter::once(self.name.as_str()).chain(phones).chain(more.into_iter().flatten()).collect()
    }
}

impl super::ButtonAction {
    const fn is_reply(&self) -> bool {
        matches!(self, Self::Reply {})
    }

    fn target(&self) -> &str {
        match self {
            Self::Call { phone } => phone,
            Self::Url { url } => url,
            Self::Reply {} => "",
        }
    }
}
