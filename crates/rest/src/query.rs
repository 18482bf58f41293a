//! Query parameters, read as freely as body fields.

use axum::extract::{FromRequestParts, Query};
use chrono::Datelike as _;
use http::request::Parts;
use recado_kernel::Timestamp;

use crate::{RestError, RestState};

/// The parameters of the query, in order; a query that cannot be decoded is none.
#[derive(Debug, Clone, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The first value of `name`, unless blank.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// A whole number, kept within 1 and `most`; `default` when absent.
    ///
    /// # Errors
    /// `<name> is invalid` for anything but digits.
    pub fn at_least_one(&self, name: &'static str, default: u32, most: u32) -> Result<u32, RestError> {
        match self.text(name) {
            None => Ok(default),
            Some(text) => text.parse::<i64>().map_err(|_| RestError::Invalid(name)).map(|number| clamp(number, most)),
        }
    }
}

impl Params {
    /// A moment as Unix milliseconds.
    ///
    /// # Errors
    /// `<name> is invalid`.
    pub fn moment(&self, name: &'static str) -> Result<Option<Timestamp>, RestError> {
        let number = self.text(name).map(str::parse::<i64>).transpose().map_err(|_| RestError::Invalid(name))?;
        moment(name, number)
    }
}

/// Unix milliseconds as a moment.
///
/// # Errors
/// `<name> is invalid` for what is beyond every calendar.
pub fn moment(name: &'static str, milliseconds: Option<i64>) -> Result<Option<Timestamp>, RestError> {
    let read = |ms| Timestamp::from_timestamp_millis(ms).filter(|at| (1970..=9999).contains(&at.year()));
    milliseconds.map(|ms| read(ms).ok_or(RestError::Invalid(name))).transpose()
}

/// `number` kept within 1 and `most`.
#[must_use]
pub fn clamp(number: i64, most: u32) -> u32 {
    u32::try_from(number.clamp(1, i64::from(most))).unwrap_or(most)
}

impl FromRequestParts<RestState> for Params {
    type Rejection = RestError;

    async fn from_request_parts(parts: &mut Parts, _: &RestState) -> Result<Self, RestError> {
        Ok(Query::try_from_uri(&parts.uri).map(|Query(pairs)| Self(pairs)).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_kept_within_bounds() {
        let params = Params(vec![("page".into(), "0".into()), ("pageSize".into(), "9999".into()), ("x".into(), "a".into())]);
        assert_eq!(params.at_least_one("page", 1, 100), Ok(1));
        assert_eq!(params.at_least_one("pageSize", 100, 500), Ok(500));
        assert_eq!(params.at_least_one("absent", 15, 500), Ok(15));
        assert_eq!(params.at_least_one("x", 15, 500), Err(RestError::Invalid("x")));
    }
}
