//! Degrees on the globe, kept as the digits they were given in: a number would lose some.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A latitude or longitude in decimal degrees, between -180 and 180.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Coordinate(String);

/// Not a number of degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number of degrees between -180 and 180")]
pub struct InvalidCoordinate;

impl Coordinate {
    /// The digits as they were given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest number.
    #[must_use]
    pub fn degrees(&self) -> f64 {
        self.0.parse().unwrap_or_default()
    }
}

impl FromStr for Coordinate {
    type Err = InvalidCoordinate;
    fn from_str(text: &str) -> Result<Self, InvalidCoordinate> {
        let text = text.trim();
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        let plain = !digits.is_empty()
            && digits.len() <= 40
            && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
            && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
            && digits.bytes().any(|byte| byte.is_ascii_digit());
        let within = text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0);
        if plain && within { Ok(Self(text.to_owned())) } else { Err(InvalidCoordinate) }
    }
}

impl TryFrom<String> for Coordinate {
    type Error = InvalidCoordinate;
    fn try_from(text: String) -> Result<Self, InvalidCoordinate> {
        text.parse()
    }
}

impl From<Coordinate> for String {
    fn from(coordinate: Coordinate) -> Self {
        coordinate.0
    }
}

impl fmt::Debug for Coordinate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coordinate(…)")
    }
}
