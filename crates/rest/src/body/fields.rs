//! Lenient readers for the fields of a JSON body (plugzapi-api.md 1.3): `null` is absent, booleans and integers may be texts, unknown
//! fields are nobody's business.

use recado_kernel::ChatAddress;
use serde_json::{Map, Value};

use crate::RestError;

/// The fields of a JSON object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// Wraps an object.
    #[must_use]
    pub const fn new(map: Map<String, Value>) -> Self {
        Self(map)
    }

    /// The field, unless absent or `null`.
    fn present(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text that may be absent. An empty one counts as a text.
    ///
    /// # Errors
    /// `<name> is invalid` for anything but a string.
    pub fn optional_text(&self, name: &'static str) -> Result<Option<&str>, RestError> {
        match self.present(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(RestError::Invalid(name)),
        }
    }

    /// A text that must be there and not be blank; returned as it came.
    ///
    /// # Errors
    /// `<name> is required`, `<name> is invalid`.
    pub fn text(&self, name: &'static str) -> Result<&str, RestError> {
        self.optional_text(name)?.filter(|text| !text.trim().is_empty()).ok_or(RestError::Required(name))
    }

    /// A text that must be named but may be emptied: `null` and `""` are `None`.
    ///
    /// # Errors
    /// `<name> is required` when the field is not there at all, `<name> is invalid`.
    pub fn clearable_text(&self, name: &'static str) -> Result<Option<&str>, RestError> {
        if !self.0.contains_key(name) {
            return Err(RestError::Required(name));
        }
        Ok(self.optional_text(name)?.map(str::trim).filter(|text| !text.is_empty()))
    }

    /// A whole number that may be absent, also as digits in a text. An empty text is absent.
    ///
    /// # Errors
    /// `<name> is invalid`.
    pub fn optional_integer(&self, name: &'static str) -> Result<Option<i64>, RestError> {
        match self.present(name) {
            None => Ok(None),
            Some(Value::Number(number)) => match number.as_i64() {
                Some(whole) => Ok(Some(whole)),
                None => whole_part_of(&number.to_string()).map(Some).ok_or(RestError::Invalid(name)),
            },
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => whole_part_of(text.trim()).map(Some).ok_or(RestError::Invalid(name)),
            Some(_) => Err(RestError::Invalid(name)),
        }
    }

    /// Yes or no, also as the words `"true"` and `"false"`; may be absent. An empty text is absent.
    ///
    /// # Errors
    /// `<name> is invalid`.
    pub fn optional_boolean(&self, name: &'static str) -> Result<Option<bool>, RestError> {
        match self.present(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(Value::String(text)) => match text.trim() {
                "" => Ok(None),
                word if word.eq_ignore_ascii_case("true") => Ok(Some(true)),
                word if word.eq_ignore_ascii_case("false") => Ok(Some(false)),
                _ => Err(RestError::Invalid(name)),
            },
            Some(_) => Err(RestError::Invalid(name)),
        }
    }

    /// Yes or no that must be there.
    ///
    /// # Errors
    /// `<name> is required`, `<name> is invalid`.
    pub fn boolean(&self, name: &'static str) -> Result<bool, RestError> {
        self.optional_boolean(name)?.ok_or(RestError::Required(name))
    }

    /// The other side of a conversation (plugzapi-api.md 1.4); a number counts as its digits.
    ///
    /// # Errors
    /// `<name> is required`, `<name> is invalid`, or `Invalid phone` for what names nobody.
    pub fn chat(&self, name: &'static str) -> Result<ChatAddress, RestError> {
        let text = match self.present(name) {
            None => return Err(RestError::Required(name)),
            Some(Value::String(text)) if text.trim().is_empty() => return Err(RestError::Required(name)),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) if number.is_u64() => number.to_string(),
            Some(_) => return Err(RestError::Invalid(name)),
        };
        text.parse().map_err(|_| RestError::InvalidPhone)
    }
}

/// `"7"`, `"-7"`, and `"7.0"` as some languages write whole numbers.
fn whole_part_of(text: &str) -> Option<i64> {
    let whole = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Fields {
        Fields::new(value.as_object().unwrap().clone())
    }

    #[test]
    fn null_is_absent() {
        let body = fields(json!({ "messageId": null, "delayMessage": null, "viewOnce": null }));
        assert_eq!(body.optional_text("messageId"), Ok(None));
        assert_eq!(body.optional_integer("delayMessage"), Ok(None));
        assert_eq!(body.optional_boolean("viewOnce"), Ok(None));
        assert_eq!(body.text("messageId"), Err(RestError::Required("messageId")));
        assert_eq!(body.chat("phone"), Err(RestError::Required("phone")));
    }

    #[test]
    fn numbers_and_words_as_texts() {
        let body = fields(
            json!({ "a": "7", "b": 7, "c": 7.0, "d": "7.5", "e": [], "f": "True", "g": false, "h": 1, "i": "99999999999999999999" }),
        );
        for name in ["a", "b", "c"] {
            assert_eq!(body.optional_integer(name), Ok(Some(7)));
        }
        for name in ["d", "e", "i"] {
            assert_eq!(body.optional_integer(name), Err(RestError::Invalid(name)));
        }
        assert_eq!(body.optional_boolean("f"), Ok(Some(true)));
        assert_eq!(body.boolean("g"), Ok(false));
        assert_eq!(body.boolean("h"), Err(RestError::Invalid("h")));
        assert_eq!(body.boolean("z"), Err(RestError::Required("z")));
    }

    #[test]
    fn phones_as_people_send_them() {
        let body = fields(json!({ "a": "+55 (62) 90000-0001", "b": 5_562_900_000_001_u64, "c": "12345", "d": "", "e": {} }));
        assert_eq!(body.chat("a").unwrap().as_str(), "5562900000001");
        assert_eq!(body.chat("b").unwrap().as_str(), "5562900000001");
        assert_eq!(body.chat("c"), Err(RestError::InvalidPhone));
        assert_eq!(body.chat("d"), Err(RestError::Required("d")));
        assert_eq!(body.chat("e"), Err(RestError::Invalid("e")));
    }

    #[test]
    fn a_required_text_may_be_cleared_only_by_naming_it() {
        let body = fields(json!({ "a": "", "b": null, "c": " https://x " }));
        assert_eq!(body.clearable_text("a"), Ok(None));
        assert_eq!(body.clearable_text("b"), Ok(None));
        assert_eq!(body.clearable_text("c"), Ok(Some("https://x")));
        assert_eq!(body.clearable_text("value"), Err(RestError::Required("value")));
    }
}
