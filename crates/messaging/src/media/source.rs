//! What a media field of a request may hold (plugzapi-api.md 2.2): an http(s) address, a data URL, and for pictures base64 alone.

use super::DataUrl;
use crate::domain::message::MediaUse;
use crate::net::AddressPolicy;

/// Longest address, in bytes.
const LONGEST_URL: usize = 4_096;

/// Where a file comes from.
#[derive(Clone, PartialEq, Eq)]
pub enum MediaSource {
    /// To be fetched.
    Url(String),
    /// In the request itself.
    Data(DataUrl),
}

/// Neither an address that may be called nor a data URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither an http(s) URL nor a data URL")]
pub struct InvalidMediaSource;

impl MediaSource {
    /// Reads a field. Takes the text over: it may be large.
    ///
    /// # Errors
    /// Neither, or an address that is never called (not http(s), in a private network).
    pub fn parse(text: String, usage: MediaUse, policy: AddressPolicy) -> Result<Self, InvalidMediaSource> {
        let begins = |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        if begins("data:") {
            return DataUrl::parse(text).map(Self::Data).ok_or(InvalidMediaSource);
        }
        if begins("http://") || begins("https://") {
            let url = text.trim();
            let callable = url.len() <= LONGEST_URL && policy.check_http(url).is_ok();
            return if callable { Ok(Self::Url(url.to_owned())) } else { Err(InvalidMediaSource) };
        }
        match usage {
            MediaUse::Image => DataUrl::bare(text, "image/png").map(Self::Data).ok_or(InvalidMediaSource),
            _ => Err(InvalidMediaSource),
        }
    }
}

impl std::fmt::Debug for MediaSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Url(_) => "MediaSource::Url(…)",
            Self::Data(_) => "MediaSource::Data(…)",
        })
    }
}
