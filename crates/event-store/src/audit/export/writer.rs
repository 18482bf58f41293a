//! The file line by line. It does no I/O: who exports or archives puts the texts where they belong.

use sha2::{Digest as _, Sha256};

use super::{End, Format, Line, Opening};
use crate::StoreError;
use crate::audit::{AuditKeys, Digest, Fields};

/// Writes one file: [`Self::opening`], then events in the order of their ordinals, then [`Self::end`].
#[derive(Debug)]
pub struct Writer {
    format: Format,
    opening: Digest,
    /// Over every text given out so far.
    content: Sha256,
    count: i64,
    last_ordinal: i64,
    head: Digest,
}

impl Writer {
    /// A writer, and the file's first lines.
    #[must_use]
    pub fn opening(format: Format, opening: &Opening) -> (Self, String) {
        let text = format.write_opening(opening);
        let (last_ordinal, head) = (opening.after_ordinal, opening.previous_head);
        let content = Sha256::new_with_prefix(&text);
        (Self { format, opening: Digest::of(text.as_bytes()), content, count: 0, last_ordinal, head }, text)
    }

    /// The line of the next event.
    ///
    /// # Errors
    /// A CSV cell with a line break, which no event has.
    pub fn event(&mut self, fields: Fields) -> Result<String, StoreError> {
        let leaf = fields.leaf();
        if self.format == Format::Csv && fields.0.iter().any(|field| field.contains(['\n', '\r'])) {
            return Err(StoreError::Unreadable("an event with a line break in a field cannot be exported as CSV".into()));
        }
        Ok(self.line(Some(fields), leaf))
    }

    /// The line of the next event when the event itself is kept elsewhere.
    pub fn archived(&mut self, leaf: Digest) -> String {
        self.line(None, leaf)
    }

    fn line(&mut self, fields: Option<Fields>, leaf: Digest) -> String {
        self.count += 1;
        self.last_ordinal += 1;
        self.head = self.head.then(leaf);
        let text = self.format.write_line(&Line { ordinal: self.last_ordinal, fields, leaf, head: self.head });
        self.content.update(&text);
        text
    }

    /// The last line, signed.
    ///
    /// # Errors
    /// The signing key was refused.
    pub fn end(self, keys: &AuditKeys) -> Result<String, StoreError> {
        let mut end = End {
            count: self.count,
            last_ordinal: self.last_ordinal,
            head: self.head,
            opening: self.opening,
            content: Digest::finished(self.content),
            public_key: keys.public_key()?,
            signature: [0; 64],
        };
        end.signature = keys.sign(end.message().as_bytes())?;
        Ok(self.format.write_end(&end))
    }
}
