//! Protection of forms against other sites: every form carries a keyed digest of the session (or, before sign-in, of a random visitor
//! cookie), and the browser's own word about where the request comes from must not contradict it.

use http::HeaderMap;
use http::header::{HOST, ORIGIN};
use recado_event_store::Vault;

use super::cookies;

/// The token of forms for this cookie value.
#[must_use]
pub fn key_for(vault: &Vault, cookie: &str) -> String {
    vault.digest("panel-form", None, cookie)
}

/// Does the posted token belong to the request's session or visitor cookie, and does the request come from our own pages?
#[must_use]
pub fn is_ours(vault: &Vault, headers: &HeaderMap, secure: bool, posted: &str) -> bool {
    let bound = [cookies::session(secure), cookies::visitor(secure)];
    same_site(headers)
        && bound.iter().filter_map(|name| cookies::read(headers, name)).any(|cookie| equal(&key_for(vault, cookie), posted))
}

/// `Sec-Fetch-Site` and `Origin`, where the browser sends them, must name ourselves.
fn same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    match (text(ORIGIN.as_str()), text("x-forwarded-host").or_else(|| text(HOST.as_str()))) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

/// Compares without telling where the difference is.
fn equal(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (x, y)| difference | (x ^ y)) == 0
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn other_origins_are_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, "painel.example".parse().unwrap());
        assert!(same_site(&headers));
        headers.insert(ORIGIN, "https://painel.example".parse().unwrap());
        assert!(same_site(&headers));
        headers.insert(ORIGIN, "https://outro.example".parse().unwrap());
        assert!(!same_site(&headers));
        headers.insert(ORIGIN, "null".parse().unwrap());
        assert!(!same_site(&headers));
        headers.remove(ORIGIN);
        headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
        assert!(!same_site(&headers));
    }

    #[test]
    fn comparison_is_exact() {
        assert!(equal("abc", "abc"));
        assert!(!equal("abc", "abd"));
        assert!(!equal("abc", "ab"));
    }
}
