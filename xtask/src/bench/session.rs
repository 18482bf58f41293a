//! A browser's half of a conversation: it keeps cookies, follows redirects and knows what a page refers to.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;

use super::http::{Answer, ask};

/// A visitor with cookies.
pub struct Session {
    base: String,
    cookies: BTreeMap<String, String>,
}

/// One file of a visit.
#[derive(Debug)]
pub struct Fetched {
    /// Path.
    pub path: String,
    /// Bytes over the wire, head included.
    pub bytes: usize,
}

impl Session {
    /// A visitor who was never here.
    pub fn new(base: &str) -> Self {
        Self { base: base.to_owned(), cookies: BTreeMap::new() }
    }

    /// Gets a page, following redirects.
    pub fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.follow(path, None)
    }

    /// Sends a form, following redirects.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let form: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        self.follow(path, Some(&form.join("&")))
    }

    /// A first visit: the page and everything it refers to, with an empty cache.
    pub fn visit(&mut self, path: &str) -> anyhow::Result<(String, Vec<Fetched>)> {
        let page = self.get(path)?;
        if page.status != 200 {
            bail!("{path} answered {}", page.status);
        }
        let html = page.text()?;
        let mut all = vec![Fetched { path: path.to_owned(), bytes: page.transferred }];
        for reference in references(&html) {
            let answer = self.get(&reference)?;
            if answer.status != 200 {
                bail!("{path} refers to {reference}, which answers {}", answer.status);
            }
            all.push(Fetched { path: reference, bytes: answer.transferred });
        }
        Ok((html, all))
    }

    fn follow(&mut self, path: &str, form: Option<&str>) -> anyhow::Result<Answer> {
        let mut answer = self.once(path, form)?;
        for _ in 0..5 {
            if !(300..400).contains(&answer.status) {
                return Ok(answer);
            }
            let Some(location) = answer.header("location") else { return Ok(answer) };
            let location = location.strip_prefix(&self.base).unwrap_or(location).to_owned();
            answer = self.once(&location, None)?;
        }
        bail!("{path} redirects in circles")
    }

    fn once(&mut self, path: &str, form: Option<&str>) -> anyhow::Result<Answer> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = ask(&self.base, path, &cookies.join("; "), form)?;
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            if let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
        Ok(answer)
    }
}

/// The files of ours that a browser loads for this page: styles, scripts, preloads, images. Links to pages are not loaded.
pub fn references(html: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for tag in html.split('<').filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)) {
        let attribute = match tag.split([' ', '\n', '/']).next().unwrap_or_default() {
            "link" if is_loaded(tag) => "href",
            "script" | "img" | "source" | "iframe" => "src",
            _ => continue,
        };
        found.extend(value(tag, attribute).filter(|path| path.starts_with('/') && !path.starts_with("//")));
    }
    found
}

/// The value of a hidden field in the page's first form that has it.
pub fn hidden(html: &str, name: &str) -> Option<String> {
    html.split("<input")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .find_map(|(tag, _)| (value(tag, "name").as_deref() == Some(name)).then(|| value(tag, "value").unwrap_or_default()))
}

fn is_loaded(tag: &str) -> bool {
    let kind = value(tag, "rel").unwrap_or_default();
    kind.split(' ').any(|word| matches!(word, "stylesheet" | "preload" | "modulepreload" | "icon" | "manifest"))
}

fn value(tag: &str, attribute: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {attribute}="))?;
    let rest = rest.trim_start();
    let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
    let quoted = quoted.or_else(|| rest.strip_prefix('\'').and_then(|rest| rest.split_once('\'')));
    let text = quoted.map_or_else(|| rest.split(' ').next().unwrap_or_default(), |(text, _)| text);
    Some(text.replace("&amp;", "&"))
}

/// A form field's value as it travels.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_loads_is_found() {
        let html = r#"<link rel="stylesheet" href="/assets/main.1.css"><link href='/assets/f.js' rel='modulepreload'>
            <link rel="preload" href="/assets/f_bg.wasm" as="fetch"/><a href="/instancias">x</a><img alt="" src="/qr.png?a=1&amp;b=2">
            <link rel="canonical" href="/entrar"><script src="https://elsewhere/x.js"></script><script>import("/no")</script>"#;
        let found: Vec<String> = references(html).into_iter().collect();
        assert_eq!(found, ["/assets/f.js", "/assets/f_bg.wasm", "/assets/main.1.css", "/qr.png?a=1&b=2"]);
    }

    #[test]
    fn hidden_fields_are_found() {
        let html = r#"<input name="email"><input type="hidden" name="_csrf" value="k-1"/>"#;
        assert_eq!(hidden(html, "_csrf").as_deref(), Some("k-1"));
        assert_eq!(hidden(html, "other"), None);
    }

    #[test]
    fn form_values_survive() {
        assert_eq!(encoded("a+b@c.d ç"), "a%2Bb%40c%2Ed%20%C3%A7");
    }
}
