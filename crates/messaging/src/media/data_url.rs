//! Data URLs (RFC 2397), decoded piece by piece: the text may be 140 MB, its bytes are never in memory as a whole.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

use super::MediaError;

/// Digits decoded at once; a multiple of four.
const PIECE: usize = 64 * 1024;

/// As clients write base64: with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

/// A file inside a text.
#[derive(Clone, PartialEq, Eq)]
pub struct DataUrl {
    text: String,
    begin: usize,
    mime_type: Option<String>,
}

impl DataUrl {
    /// `data:<type>;base64,<digits>`. Only base64: nobody sends files as percent-encoded text.
    #[must_use]
    pub fn parse(text: String) -> Option<Self> {
        let comma = text.find(',')?;
        let head = text.get(5..comma)?;
        let mut parts = head.split(';').map(str::trim);
        let named = parts.next().filter(|named| named.contains('/') && named.is_ascii() && named.len() <= 100);
        let mime_type = named.map(str::to_ascii_lowercase);
        head.rsplit(';').next().filter(|last| last.trim().eq_ignore_ascii_case("base64"))?;
        Some(Self { begin: comma + 1, mime_type, text })
    }

    /// Base64 alone. Something that cannot be base64 at all is `None`.
    #[must_use]
    pub fn bare(text: String, mime_type: &str) -> Option<Self> {
        let digits = text.bytes().take(512);
        let plausible = digits.clone().count() >= 16
            && digits.into_iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n'));
        plausible.then(|| Self { begin: 0, mime_type: Some(mime_type.to_owned()), text })
    }

    /// The type it claims.
    #[must_use]
    pub fn mime_type(&self) -> Option<&str> {
        self.mime_type.as_deref()
    }

    /// Refuses what is clearly too large without decoding it. Line ends between the digits (two in 66 characters at most) count for nothing.
    ///
    /// # Errors
    /// [`MediaError::TooLarge`].
    pub const fn check_size(&self, most: u64) -> Result<(), MediaError> {
        let digits = (self.text.len() - self.begin) as u64;
        if digits / 4 * 3 > most + most / 16 { Err(MediaError::TooLarge(most)) } else { Ok(()) }
    }

    /// Its bytes, piece by piece. White space between digits is passed over.
    pub fn bytes(&self) -> impl Iterator<Item = Result<Bytes, MediaError>> + Send + '_ {
        let mut digits = self.text.as_bytes()[self.begin..].iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        std::iter::from_fn(move || {
            let piece: Vec<u8> = digits.by_ref().take(PIECE).collect();
            (!piece.is_empty()).then(|| LENIENT.decode(piece).map(Bytes::from).map_err(|_| MediaError::Malformed))
        })
    }
}

impl std::fmt::Debug for DataUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DataUrl({} characters)", self.text.len())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn read(url: &DataUrl) -> Result<Vec<u8>, MediaError> {
        let mut all = vec![];
        for piece in url.bytes() {
            all.extend(piece?);
        }
        Ok(all)
    }

    #[test]
    fn bytes_come_back_whatever_their_number() {
        for size in [0, 1, 2, 3, 49_151, 49_152, 49_153, 200_000] {
            let bytes: Vec<u8> = (0..size).map(|n| u8::try_from(n % 251).unwrap()).collect();
            let url =
                DataUrl::parse(format!("data:image/png;base64,{}", base64::prelude::BASE64_STANDARD.encode(&bytes))).unwrap();
            assert_eq!(read(&url).unwrap(), bytes, "{size}");
            assert!(url.check_size(bytes.len() as u64 + 3).is_ok());
        }
    }

    #[test]
    fn heads_as_clients_write_them() {
        let of = |text: &str| DataUrl::parse(text.to_owned());
        assert_eq!(of("data:audio/ogg; codecs=opus;base64,AAAA").unwrap().mime_type(), Some("audio/ogg"));
        assert_eq!(of("data:;base64,AAAA").unwrap().mime_type(), None);
        assert_eq!(read(&of("data:x/y;base64,aGk\r\n=").unwrap()).unwrap(), b"hi");
        assert!(of("data:text/plain,hello").is_none() && of("data:image/png;base64").is_none());
        assert!(matches!(read(&of("data:x/y;base64,a?==").unwrap()), Err(MediaError::Malformed)));
        assert!(DataUrl::bare("iVBORw0KGgoAAAANSUhEUg==".to_owned(), "image/png").is_some());
        assert!(DataUrl::bare("not a picture, a sentence".to_owned(), "image/png").is_none());
    }
}
