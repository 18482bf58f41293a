//! Request bodies: read with limits, accepted as freely as plugzapi-api.md 1.3 wants.

mod deep;
mod fields;
#[cfg(test)]
mod fuzz;
pub(crate) mod read;
mod shallow;

pub use deep::{Deep, written};
pub use fields::Fields;
pub use read::LargeBodies;

use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;

use self::shallow::Shallow;
use crate::{RestError, RestState};

impl FromRequest<RestState> for Fields {
    type Rejection = RestError;

    async fn from_request(request: Request, state: &RestState) -> Result<Self, RestError> {
        let (parts, body) = request.into_parts();
        let most = state.settings.max_plain_body_bytes;
        let (raw, place) = read::whole(body, &parts.headers, &state.settings, &state.large_bodies, most).await?;
        Ok(Self::read(fields_of(&parts.headers, &raw)?, place))
    }
}

/// The fields of a route that takes files as data URLs: its body may be large.
#[derive(Debug)]
pub struct MediaFields(pub Fields);

impl FromRequest<RestState> for MediaFields {
    type Rejection = RestError;

    async fn from_request(request: Request, state: &RestState) -> Result<Self, RestError> {
        let (parts, body) = request.into_parts();
        let (raw, place) = read::whole(body, &parts.headers, &state.settings, &state.large_bodies, usize::MAX).await?;
        Ok(Self(Fields::read(fields_of(&parts.headers, &raw)?, place)))
    }
}

/// An empty body is an empty object whatever its type says; any other must be called JSON (or called nothing) and be an object.
fn fields_of(headers: &HeaderMap, raw: &[u8]) -> Result<Shallow, RestError> {
    let raw = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw).trim_ascii();
    if raw.is_empty() {
        return Ok(Shallow::default());
    }
    if !is_json_or_unnamed(headers) {
        return Err(RestError::UnsupportedMediaType);
    }
    serde_json::from_slice(raw).map_err(|_| RestError::InvalidJson)
}

fn is_json_or_unnamed(headers: &HeaderMap) -> bool {
    let Some(named) = headers.get(CONTENT_TYPE) else { return true };
    let essence = named.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.is_empty() || essence.eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn read(content_type: Option<&str>, raw: &str) -> Result<Shallow, RestError> {
        let mut headers = HeaderMap::new();
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        }
        fields_of(&headers, raw.as_bytes())
    }

    #[test]
    fn only_a_real_body_of_another_type_is_refused() {
        for named in ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"] {
            assert!(read(Some(named), "{}").is_ok(), "{named}");
        }
        assert!(read(None, "{}").is_ok());
        assert!(read(Some("application/x-www-form-urlencoded"), "").is_ok());
        assert!(read(Some("text/plain"), " \n").is_ok());
        for other in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"] {
            assert_eq!(read(Some(other), "{}").err(), Some(RestError::UnsupportedMediaType), "{other}");
        }
    }

    #[test]
    fn what_is_no_object_is_no_json() {
        for bad in ["{", "phone=1", "[1]", "\"x\"", "{\"a\":1}}", "\u{1}", &"[".repeat(100_000)] {
            assert_eq!(read(None, bad).err(), Some(RestError::InvalidJson));
        }
        assert!(read(None, "null").is_ok());
        assert!(read(None, "\u{FEFF}{\"a\":1}").is_ok());
    }
}
