//! How freely a URL may be written (plugzapi-api.md 1.1), and how it may appear in a log (1.2).

use http::Uri;
use http::uri::PathAndQuery;

/// The form our routes are written in: one slash between segments, no trailing slash, no trailing slash in the last query value.
///
/// Only one trailing slash is forgiven: `DELETE …/queue//` (an empty queue id between two slashes) must not become
/// `DELETE …/queue`, which empties the queue.
#[must_use]
pub fn normalized(uri: &Uri) -> Uri {
    let path = uri.path();
    let query = uri.query();
    let tidy_path = tidy_path(path);
    let tidy_query = query.map(|query| query.strip_suffix('/').unwrap_or(query));
    if tidy_path == path && tidy_query == query {
        return uri.clone();
    }
    let text = match tidy_query {
        Some(query) => format!("{tidy_path}?{query}"),
        None => tidy_path,
    };
    let mut parts = uri.clone().into_parts();
    let Ok(path_and_query) = text.parse::<PathAndQuery>() else { return uri.clone() };
    parts.path_and_query = Some(path_and_query);
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
}

fn tidy_path(path: &str) -> String {
    let body = path.trim_end_matches('/');
    let trailing = path.len() - body.len();
    let mut tidy = String::with_capacity(path.len());
    for segment in body.split('/').filter(|segment| !segment.is_empty()) {
        tidy.push('/');
        tidy.push_str(segment);
    }
    tidy.extend(std::iter::repeat_n('/', trailing.saturating_sub(1)));
    if tidy.is_empty() { "/".to_owned() } else { tidy }
}

/// The path for logs: the segment after `token` is replaced by `***`, the query is left out (it may hold phone numbers), and
/// segments that look like phone numbers or chat ids are cut to their last four characters.
#[must_use]
pub fn masked(path: &str) -> String {
    let mut after_token = false;
    let segments = path.split('/').map(|segment| {
        if after_token && !segment.is_empty() {
            after_token = false;
            return "***".to_owned();
        }
        after_token = after_token || segment == "token";
        if is_personal(segment) {
            let tail: Vec<char> = segment.chars().rev().take(4).collect();
            return format!("…{}", tail.into_iter().rev().collect::<String>());
        }
        segment.to_owned()
    });
    segments.collect::<Vec<_>>().join("/")
}

fn is_personal(segment: &str) -> bool {
    // Queue and instance ids are 32 hexadecimal digits; phones and chat ids begin with a run of 8 to 25 decimal ones.
    let digits = segment.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &segment[digits..];
    (8..=25).contains(&digits) && (rest.is_empty() || rest.starts_with(['-', '@', '%']))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn forgives_slashes() {
        for (written, meant) in [
            ("/instances/A/token/B/status", "/instances/A/token/B/status"),
            ("/instances/A/token/B/status/", "/instances/A/token/B/status"),
            ("//instances/A/token/B/status", "/instances/A/token/B/status"),
            ("/instances/A/token/B//send-text", "/instances/A/token/B/send-text"),
            ("/instances?page=1&pageSize=2/", "/instances?page=1&pageSize=2"),
            ("/instances/?page=1", "/instances?page=1"),
            ("/instances/A/token/B/queue//", "/instances/A/token/B/queue/"),
            ("/", "/"),
            ("//", "/"),
        ] {
            let uri: Uri = written.parse().unwrap();
            assert_eq!(normalized(&uri).to_string(), meant, "{written}");
        }
    }

    #[test]
    fn a_token_never_reaches_a_log() {
        assert_eq!(masked("/instances/5B1E/token/SECRET/send-text"), "/instances/5B1E/token/***/send-text");
        assert_eq!(masked("//instances/5B1E/token//SECRET"), "//instances/5B1E/token//***");
        assert_eq!(masked("/instances/5B1E/token/S/phone-exists/5562900000001"), "/instances/5B1E/token/***/phone-exists/…0001");
    }
}
