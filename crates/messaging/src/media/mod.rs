//! The content store: files of messages, from the door to WhatsApp and from WhatsApp to the webhook.
//!
//! A file is encrypted chunk by chunk under a key of its own ([`cipher`]) and lies in a folder or bucket ([`files`]). Its key and what is
//! known of it lie in the vault as a content of their own, under the file's id: erasing that row destroys the file, in the same
//! statement that erases the message's text. The bytes themselves are removed right after; what a crash leaves behind is found by the
//! sweep through table `media_file` ([`table`]).

mod cipher;
mod data_url;
mod error;
mod fetch;
pub mod files;
mod library;
pub mod limits;
mod links;
mod own;
mod sniff;
mod source;
mod sweep;
mod table;

pub use data_url::DataUrl;
pub use error::MediaError;
pub(crate) use fetch::Fetcher;
pub use library::{MediaLibrary, NewMedia, OpenMedia, StoredMedia};
pub use links::MediaLinks;
pub(crate) use own::{contents_of, copies_of, of_message};
pub use sniff::mime_type as sniff_type;
pub use source::{InvalidMediaSource, MediaSource};
