//! Buttons, lists, polls, and what people answer with them.

use recado_kernel::WireId;
use serde::{Deserialize, Serialize};

use super::Media;

/// A button that answers.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyButton {
    /// Comes back with the answer.
    pub id: String,
    /// What is written on it.
    pub label: String,
}

/// A text with buttons that answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonListContent {
    /// The text.
    pub text: String,
    /// A picture above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Media>,
    /// A film above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<Media>,
    /// At least one.
    pub buttons: Vec<ReplyButton>,
}

/// One row of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListOption {
    /// Comes back with the answer.
    pub id: String,
    /// Its first line.
    #[serde(default)]
    pub title: String,
    /// Its second line.
    #[serde(default)]
    pub description: String,
}

/// A text with a list to choose from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionListContent {
    /// The text.
    pub text: String,
    /// Above the list.
    #[serde(default)]
    pub title: String,
    /// On the button that opens it.
    pub button_label: String,
    /// At least one.
    pub options: Vec<ListOption>,
}

/// What a button does.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ButtonAction {
    /// Calls a number.
    Call {
        /// Which.
        phone: String,
    },
    /// Opens a page.
    Url {
        /// Which.
        url: String,
    },
    /// Answers.
    Reply {},
}

/// A button with an action.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionButton {
    /// Comes back with an answer.
    pub id: String,
    /// What is written on it.
    pub label: String,
    /// What it does.
    pub action: ButtonAction,
}

/// A text with buttons that call, open a page or answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonActionsContent {
    /// The text.
    pub text: String,
    /// Above it.
    #[serde(default)]
    pub title: String,
    /// Below it.
    #[serde(default)]
    pub footer: String,
    /// At least one.
    pub buttons: Vec<ActionButton>,
}

/// Kinds of Pix keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PixKeyType {
    /// A person's document.
    Cpf,
    /// A company's document.
    Cnpj,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A random key.
    Evp,
}

impl PixKeyType {
    /// As the API writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cpf => "CPF",
            Self::Cnpj => "CNPJ",
            Self::Phone => "PHONE",
            Self::Email => "EMAIL",
            Self::Evp => "EVP",
        }
    }
}

/// A button that copies a Pix key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonPixContent {
    /// The key.
    pub key: String,
    /// Its kind.
    pub key_type: PixKeyType,
    /// Who is paid.
    pub merchant_name: String,
}

/// A button that copies a code.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonOtpContent {
    /// The text.
    pub text: String,
    /// What is copied.
    pub code: String,
    /// What is written on the button.
    pub button_text: String,
    /// A picture above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Media>,
}

/// A question with options to vote on.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollContent {
    /// The question.
    pub question: String,
    /// At least two, all different.
    pub options: Vec<String>,
    /// How many may be chosen; 0: any number.
    #[serde(default)]
    pub max_options: u32,
}

/// A vote.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollVoteContent {
    /// The poll's message.
    pub poll: WireId,
    /// The full current choice; empty: withdrawn.
    pub options: Vec<String>,
}

/// Somebody pressed a button; the message it belongs to is the one that is answered (`reply_to`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ButtonResponseContent {
    /// Which button.
    pub button_id: String,
    /// What is written on it.
    pub text: String,
}

/// Somebody chose from a list; the message it belongs to is the one that is answered (`reply_to`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListResponseContent {
    /// The row's id.
    pub row_id: String,
    /// The row's title.
    #[serde(default)]
    pub title: String,
    /// The row's description.
    #[serde(default)]
    pub text: String,
}
