//! Fields: two digits of id, two digits of length in bytes, the value.

use super::PixError;

/// Longest value of a field.
pub(super) const LONGEST: usize = 99;

/// Appends a field. Values are at most [`LONGEST`] bytes: whoever builds them has checked it.
pub(super) fn push(code: &mut String, id: &str, value: &str) {
    debug_assert!(value.len() <= LONGEST);
    code.push_str(id);
    code.push_str(&format!("{:02}", value.len()));
    code.push_str(value);
}

/// The fields of a code or template in order; `at` is where it begins in the whole code, for messages.
pub(super) fn fields(text: &str, at: usize) -> Result<Vec<(&str, &str)>, PixError> {
    let mut fields: Vec<(&str, &str)> = vec![];
    let mut next = 0;
    while next < text.len() {
        let broken = PixError::Structure { at: at + next };
        let (Some(id), Some(length)) = (text.get(next..next + 2), text.get(next + 2..next + 4)) else { return Err(broken) };
        let Some(length) = two_digits(length).filter(|_| two_digits(id).is_some()) else { return Err(broken) };
        let Some(value) = text.get(next + 4..next + 4 + length) else { return Err(broken) };
        if fields.iter().any(|(known, _)| *known == id) {
            return Err(PixError::Repeated(id.to_owned()));
        }
        fields.push((id, value));
        next += 4 + length;
    }
    Ok(fields)
}

fn two_digits(text: &str) -> Option<usize> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The value of a field.
pub(super) fn value<'a>(fields: &[(&'a str, &'a str)], id: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| *known == id).map(|(_, value)| *value)
}
