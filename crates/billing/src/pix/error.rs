//! Why a Pix code cannot be built or read.

/// Every text is a sentence for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PixError {
    /// None of the five kinds of key.
    #[error(
        "this is not a Pix key: it is a CPF (11 digits), a CNPJ (14 characters), an e-mail, a phone number with +55, or a random key (UUID)"
    )]
    Key,
    /// Nothing printable is left of the receiver's name.
    #[error("the receiver's name has no letter or digit")]
    Name,
    /// Nothing printable is left of the city.
    #[error("the city has no letter or digit")]
    City,
    /// A code cannot carry that amount.
    #[error("the amount of a Pix code is 0.01 to 9999999999.99")]
    Amount,
    /// A reference that banks would refuse.
    #[error("a txid of a static code has 1 to 25 letters and digits, without accents, spaces or signs")]
    Txid,
    /// Where the payload of a dynamic code is.
    #[error("the address of a dynamic code has no https://, at least one path and at most 77 characters")]
    Location,
    /// CEP.
    #[error("a postal code has 8 digits")]
    PostalCode,
    /// Not a BR Code at all.
    #[error("this is not a Pix code: it does not begin with 000201")]
    NotABrCode,
    /// The fields do not follow each other, or the code was cut.
    #[error("the code is damaged or cut off near character {at}")]
    Structure {
        /// Byte offset of the field that cannot be read.
        at: usize,
    },
    /// The check at the end does not fit: a character was changed.
    #[error("the check at the end of the code is {found}, it should be {expected}: the code was changed or cut off")]
    Crc {
        /// What the code would need.
        expected: String,
        /// What it carries.
        found: String,
    },
    /// A field that must be there is not.
    #[error("field {0} is missing")]
    Missing(&'static str),
    /// The same field twice.
    #[error("field {0} is there twice")]
    Repeated(String),
    /// A field whose value cannot be.
    #[error("field {0} has a value that cannot be")]
    Value(&'static str),
    /// Another payment scheme.
    #[error("the code is not of Pix (no br.gov.bcb.pix)")]
    NotPix,
}
