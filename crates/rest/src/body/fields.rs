//! Lenient readers for the fields of a JSON body (plugzapi-api.md 1.3): `null` is absent, booleans and integers may be texts, unknown
//! fields are nobody's business.

use std::collections::HashMap;
use std::sync::Arc;

use recado_kernel::{ChatAddress, PhoneNumber};
use serde_json::{Map, Value};
use tokio::sync::OwnedSemaphorePermit;

use super::shallow::{Shallow, parts};
use crate::RestError;

/// Most values read from an array or object: room for 50,000 numbers (plugzapi-api.md 2.7).
const MOST_PARTS: usize = 150_000;

/// The fields of a JSON object.
#[derive(Clone, Default)]
pub struct Fields {
    values: Map<String, Value>,
    /// Arrays, objects and numbers as they were written.
    written: HashMap<String, Box<str>>,
    /// As long as a large body is in memory its place is taken.
    _place: Option<Arc<OwnedSemaphorePermit>>,
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fields({:?})", self.values.keys())
    }
}

impl Fields {
    /// Wraps an object.
    #[must_use]
    pub fn new(values: Map<String, Value>) -> Self {
        Self { values, written: HashMap::new(), _place: None }
    }

    pub(super) fn read(body: Shallow, place: Option<OwnedSemaphorePermit>) -> Self {
        Self { values: body.fields, written: body.written, _place: place.map(Arc::new) }
    }

    /// The field, unless absent or `null`.
    pub(super) fn present(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null())
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
        if !self.values.contains_key(name) {
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

    /// The first of these names that is there; the first one if none is.
    #[must_use]
    pub fn name_of(&self, names: [&'static str; 2]) -> &'static str {
        if self.present(names[0]).is_none() && self.present(names[1]).is_some() { names[1] } else { names[0] }
    }

    /// A text that may be large, taken out of the fields instead of being copied. Blank is absent.
    ///
    /// # Errors
    /// `<name> is invalid` for anything but a string.
    pub fn take_text(&mut self, name: &'static str) -> Result<Option<String>, RestError> {
        match self.values.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
            Some(_) => Err(RestError::Invalid(name)),
        }
    }

    /// A text or a number, as a text; may be absent. Blank is absent.
    ///
    /// # Errors
    /// `<name> is invalid` for anything else.
    pub fn optional_word(&self, name: &'static str) -> Result<Option<String>, RestError> {
        match self.present(name) {
            Some(Value::Number(number)) => {
                Ok(Some(self.written.get(name).map_or_else(|| number.to_string(), ToString::to_string)))
            }
            _ => Ok(self.optional_text(name)?.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)),
        }
    }

    /// The same, but it must be there.
    ///
    /// # Errors
    /// `<name> is required`, `<name> is invalid`.
    pub fn word(&self, name: &'static str) -> Result<String, RestError> {
        self.optional_word(name)?.ok_or(RestError::Required(name))
    }

    /// An array that may be absent.
    ///
    /// # Errors
    /// `<name> is invalid` for anything else, and for one of absurd length.
    pub fn optional_list(&self, name: &'static str) -> Result<Option<Vec<Value>>, RestError> {
        match self.nested(name)? {
            None => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(RestError::Invalid(name)),
        }
    }

    /// An array of objects that must be there and not be empty.
    ///
    /// # Errors
    /// `<name> is required`, `<name> is invalid`.
    pub fn objects(&self, name: &'static str) -> Result<Vec<Self>, RestError> {
        let list = self.optional_list(name)?.filter(|list| !list.is_empty()).ok_or(RestError::Required(name))?;
        let objects = list.into_iter().map(|value| match value {
            Value::Object(fields) => Ok(Self::new(fields)),
            _ => Err(RestError::Invalid(name)),
        });
        objects.collect()
    }

    /// An object that must be there.
    ///
    /// # Errors
    /// `<name> is required`, `<name> is invalid`.
    pub fn object(&self, name: &'static str) -> Result<Self, RestError> {
        match self.nested(name)? {
            None => Err(RestError::Required(name)),
            Some(Value::Object(fields)) => Ok(Self::new(fields)),
            Some(_) => Err(RestError::Invalid(name)),
        }
    }

    /// Phone numbers as texts or numbers; absent is none.
    ///
    /// # Errors
    /// `<name> is invalid`.
    pub fn phones(&self, name: &'static str) -> Result<Vec<PhoneNumber>, RestError> {
        let list = self.optional_list(name)?.unwrap_or_default();
        let phones = list.into_iter().map(|value| match value {
            Value::String(text) => text.parse().map_err(|_| RestError::Invalid(name)),
            Value::Number(number) => number.to_string().parse().map_err(|_| RestError::Invalid(name)),
            _ => Err(RestError::Invalid(name)),
        });
        phones.collect()
    }

    fn nested(&self, name: &'static str) -> Result<Option<Value>, RestError> {
        match (self.present(name), self.written.get(name)) {
            (None, _) => Ok(None),
            (Some(Value::Array(_) | Value::Object(_)), Some(written)) => {
                let bounded = parts(written) <= MOST_PARTS;
                let read = bounded.then(|| serde_json::from_str(written).ok()).flatten();
                read.map(Some).ok_or(RestError::Invalid(name))
            }
            (Some(value), _) => Ok(Some(value.clone())),
        }
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
