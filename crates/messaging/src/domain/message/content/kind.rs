//! The kinds of messages; wire names are for ever (they stand in events).

use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident $wire:literal),+ $(,)?) => {
        /// The kinds of messages we know.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum MessageKind {
            $($(#[$meta])* #[serde(rename = $wire)] $name,)+
        }

        impl MessageKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The wire name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)+ }
            }
        }
    };
}

kinds! {
    /// Plain text; also the edit of one.
    Text "text",
    /// A picture.
    Image "image",
    /// Sound: a voice note or music.
    Audio "audio",
    /// A film.
    Video "video",
    /// A film that repeats without sound.
    Gif "gif",
    /// A round film ("recado de vídeo").
    Ptv "ptv",
    /// Any file.
    Document "document",
    /// A sticker.
    Sticker "sticker",
    /// A text with a preview of a page.
    Link "link",
    /// A place.
    Location "location",
    /// One contact card.
    Contact "contact",
    /// Several contact cards.
    Contacts "contacts",
    /// An emoji under a message, or its removal.
    Reaction "reaction",
    /// A text with buttons that answer.
    ButtonList "button_list",
    /// A text with a list to choose from.
    OptionList "option_list",
    /// A text with buttons that call, open a page or answer.
    ButtonActions "button_actions",
    /// A button that copies a Pix key.
    ButtonPix "button_pix",
    /// A button that copies a code.
    ButtonOtp "button_otp",
    /// A question with options to vote on.
    Poll "poll",
    /// A vote, or its withdrawal.
    PollVote "poll_vote",
    /// Somebody pressed a button of a button list.
    ButtonResponse "button_response",
    /// Somebody chose from an option list.
    ListResponse "list_response",
    /// A message of another chat passed on.
    Forward "forward",
    /// A message was deleted for everybody.
    Revoke "revoke",
}
