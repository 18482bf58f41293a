//! Cookies, read and written.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};

/// The session on plain HTTP (development).
const SESSION_PLAIN: &str = "recado";
/// The session over TLS: the prefix makes browsers refuse it from anywhere else.
const SESSION_SECURE: &str = "__Host-recado";
/// Random value that forms before sign-in are bound to.
const VISITOR_PLAIN: &str = "recado_visita";
const VISITOR_SECURE: &str = "__Host-recado_visita";

/// `light` or `dark`, absent for the system's.
pub const THEME: &str = "recado_tema";
/// `pt-BR` or `en`.
pub const LANGUAGE: &str = "recado_idioma";
/// A notice to show on the next page.
pub const FLASH: &str = "recado_aviso";

/// Name of the session cookie.
#[must_use]
pub const fn session(secure: bool) -> &'static str {
    if secure { SESSION_SECURE } else { SESSION_PLAIN }
}

/// Name of the visitor cookie.
#[must_use]
pub const fn visitor(secure: bool) -> &'static str {
    if secure { VISITOR_SECURE } else { VISITOR_PLAIN }
}

/// The value of a cookie of the request.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// How long a cookie lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Until the browser closes.
    Session,
    /// This many seconds; 0 removes it.
    Seconds(u32),
}

/// A `Set-Cookie` value: only for this site, never for scripts. `None` when the value cannot stand in a header.
#[must_use]
pub fn write(name: &str, value: &str, life: Life, secure: bool) -> Option<HeaderValue> {
    let age = match life {
        Life::Session => String::new(),
        Life::Seconds(seconds) => format!("; Max-Age={seconds}"),
    };
    let transport = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{transport}")).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn reads_one_of_many() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("recado_tema=dark; recado=abc=; x"));
        assert_eq!(read(&headers, "recado"), Some("abc="));
        assert_eq!(read(&headers, "recado_tema"), Some("dark"));
        assert_eq!(read(&headers, "x"), None);
    }

    #[test]
    fn writes_strict_cookies() {
        let cookie = write("__Host-recado", "t", Life::Seconds(60), true).unwrap();
        assert_eq!(cookie, "__Host-recado=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
        assert!(write("a", "x\r\nset-cookie: y", Life::Session, false).is_none());
    }
}
