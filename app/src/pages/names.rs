//! What is wrong with a field, in the reader's language: the contexts name each problem by a code, the translation files hold the
//! sentences below `error`.

use recado_kernel::name::InvalidName;

use crate::words::Words;

/// The sentence of a code.
#[must_use]
pub fn error_text(words: Words, code: &str) -> String {
    words.find(&format!("error.{code}")).unwrap_or_else(|| words.t("error.unknown")).to_owned()
}

/// The sentence next to a name.
#[must_use]
pub fn name_error(words: Words, error: &InvalidName) -> String {
    match error {
        InvalidName::Empty => words.t("error.name_empty"),
        InvalidName::TooLong => words.t("error.name_too_long"),
        InvalidName::ControlCharacters => words.t("error.name_control_characters"),
    }
    .to_owned()
}
