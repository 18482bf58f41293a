//! A small HTTP/1.1 client that knows exactly how many bytes came over the wire.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, bail};

const PATIENCE: Duration = Duration::from_secs(20);

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body as transferred, without chunk frames: still compressed.
    pub body: Vec<u8>,
    /// All bytes of the answer, head and frames included.
    pub transferred: usize,
}

impl Answer {
    /// A header's first value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text, unpacked.
    pub fn text(&self) -> anyhow::Result<String> {
        let mut plain = Vec::new();
        match self.header("content-encoding") {
            Some("br") => {
                brotli::Decompressor::new(&self.body[..], 4096).read_to_end(&mut plain).context("unpacking brotli")?;
            }
            Some("gzip") => {
                flate2::read::GzDecoder::new(&self.body[..]).read_to_end(&mut plain).context("unpacking gzip")?;
            }
            Some(other) => bail!("unexpected Content-Encoding {other}"),
            None => plain.clone_from(&self.body),
        }
        Ok(String::from_utf8_lossy(&plain).into_owned())
    }
}

/// Asks `http://host:port` for a path, the way a browser with an empty cache does. `form` makes it a POST; one that begins with a brace is
/// JSON.
pub fn ask(base: &str, path: &str, cookies: &str, form: Option<&str>) -> anyhow::Result<Answer> {
    let host = base.strip_prefix("http://").context("only http:// addresses are measured")?;
    let mut stream = TcpStream::connect(host).with_context(|| format!("connecting to {host}"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let method = if form.is_some() { "POST" } else { "GET" };
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/html,*/*\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: close\r\nOrigin: {base}\r\n"
    );
    if !cookies.is_empty() {
        request.push_str(&format!("Cookie: {cookies}\r\n"));
    }
    if let Some(form) = form {
        let kind = if form.starts_with('{') { "application/json" } else { "application/x-www-form-urlencoded" };
        request.push_str(&format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", form.len()));
    }
    request.push_str("\r\n");
    request.push_str(form.unwrap_or_default());
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).with_context(|| format!("reading {method} {path}"))?;
    read(&bytes).with_context(|| format!("{method} {path}"))
}

fn read(bytes: &[u8]) -> anyhow::Result<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").context("the answer has no end of headers")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok()).context("no status")?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let raw = &bytes[end + 4..];
    let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value.eq_ignore_ascii_case("chunked"));
    let body = if chunked { unchunk(raw)? } else { raw.to_vec() };
    Ok(Answer { status, headers, body, transferred: bytes.len() })
}

fn unchunk(mut raw: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = raw.windows(2).position(|two| two == b"\r\n").context("a chunk has no size")?;
        let size = std::str::from_utf8(&raw[..line])?.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size.trim(), 16).context("a chunk's size is not a number")?;
        let data = raw.get(line + 2..line + 2 + size).context("a chunk is cut off")?;
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(data);
        raw = raw.get(line + 4 + size..).context("a chunk is cut off")?;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[test]
    fn chunks_are_joined_and_every_byte_is_counted() {
        let raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=b\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        let answer = read(raw).unwrap();
        assert_eq!((answer.status, answer.body.as_slice(), answer.transferred), (200, &b"abcde"[..], raw.len()));
        assert_eq!(answer.header("set-cookie"), Some("a=b"));
        assert_eq!(answer.text().unwrap(), "abcde");
    }

    #[test]
    fn a_cut_answer_is_an_error() {
        assert!(read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab").is_err());
        assert!(read(b"HTTP/1.1 200 OK\r\n").is_err());
    }
}
