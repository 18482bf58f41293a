//! Bodies with lists in them: read whole, but small. [`Fields`] leaves out what is nested, so that a body of media never takes much memory;
//! here the lists are what matters.

use axum::extract::{FromRequest, Request};
use recado_kernel::PhoneNumber;
use serde_json::Value;

use super::{Fields, read};
use crate::{RestError, RestState};

/// Room for 50,000 numbers (plugzapi-api.md 2.7) written generously; parsed it takes some twenty times as much at worst.
const MOST_BYTES: usize = 3 * 1024 * 1024;

/// A JSON object or array with everything in it; an empty body is an empty object.
#[derive(Debug, Clone, PartialEq)]
pub struct Deep(Value);

impl Deep {
    /// The fields that are no lists.
    #[must_use]
    pub fn fields(&self) -> Fields {
        match &self.0 {
            Value::Object(map) => Fields::new(map.clone()),
            _ => Fields::default(),
        }
    }

    /// The array that is the whole body, or stands in it as `name`.
    ///
    /// # Errors
    /// `<name> is required`, `<name> is invalid`.
    pub fn list(&self, name: &'static str) -> Result<&[Value], RestError> {
        let named = match &self.0 {
            Value::Array(list) => return Ok(list),
            other => other.get(name),
        };
        match named {
            None | Some(Value::Null) => Err(RestError::Required(name)),
            Some(Value::Array(list)) => Ok(list),
            // One that is not in a list is a list of one.
            Some(one @ (Value::String(_) | Value::Number(_))) => Ok(std::slice::from_ref(one)),
            Some(_) => Err(RestError::Invalid(name)),
        }
    }

    /// At least one phone number, as texts or numbers.
    ///
    /// # Errors
    /// `<name> is required`, `<name> is invalid`, `Invalid phone`.
    pub fn phones(&self, name: &'static str) -> Result<Vec<PhoneNumber>, RestError> {
        let list = self.list(name)?;
        if list.is_empty() {
            return Err(RestError::Required(name));
        }
        list.iter().map(|phone| written(phone).and_then(|text| text.parse().ok()).ok_or(RestError::InvalidPhone)).collect()
    }
}

/// A phone as it was written: a text, or a number's digits.
#[must_use]
pub fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

impl FromRequest<RestState> for Deep {
    type Rejection = RestError;

    async fn from_request(request: Request, state: &RestState) -> Result<Self, RestError> {
        let (parts, body) = request.into_parts();
        let (raw, _place) = read::whole(body, &parts.headers, &state.settings, &state.large_bodies, MOST_BYTES).await?;
        let raw = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&raw).trim_ascii();
        if raw.is_empty() {
            return Ok(Self(Value::Object(serde_json::Map::new())));
        }
        if !super::is_json_or_unnamed(&parts.headers) {
            return Err(RestError::UnsupportedMediaType);
        }
        match serde_json::from_slice::<Value>(raw) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => Ok(Self(value)),
            Ok(Value::Null) => Ok(Self(Value::Object(serde_json::Map::new()))),
            _ => Err(RestError::InvalidJson),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn phones_come_as_texts_numbers_or_alone() {
        let phones = |body: Value| Deep(body).phones("phones").map(|phones| phones.len());
        assert_eq!(phones(json!({ "phones": ["5562900000001", 5_562_900_000_002_u64, "+55 (62) 90000-0003"] })), Ok(3));
        assert_eq!(phones(json!({ "phones": "5562900000001" })), Ok(1));
        assert_eq!(phones(json!(["5562900000001"])), Ok(1));
        assert_eq!(phones(json!({ "phones": [] })), Err(RestError::Required("phones")));
        assert_eq!(phones(json!({ "phones": null })), Err(RestError::Required("phones")));
        assert_eq!(phones(json!({ "phones": { "a": 1 } })), Err(RestError::Invalid("phones")));
        assert_eq!(phones(json!({ "phones": ["123"] })), Err(RestError::InvalidPhone));
        assert_eq!(phones(json!({ "phones": [{}] })), Err(RestError::InvalidPhone));
    }

    #[test]
    fn the_other_fields_stay_lenient() {
        let body = Deep(json!({ "autoInvite": "true", "phones": [1] }));
        assert_eq!(body.fields().optional_boolean("autoInvite").unwrap(), Some(true));
    }
}
