//! As much of a browser as the story needs: cookies and form tokens.

use std::collections::BTreeMap;

use reqwest::header;

pub struct Browser {
    site: String,
    client: reqwest::Client,
    pub cookies: BTreeMap<String, String>,
    key: String,
    /// Every value a cookie ever had.
    pub seen: Vec<(String, String)>,
}

impl Browser {
    pub fn new(site: &str) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { site: site.to_owned(), client, cookies: BTreeMap::new(), key: String::new(), seen: vec![] }
    }

    /// Opens a page; remembers its form's token. Returns status and text.
    pub async fn open(&mut self, path: &str) -> (u16, String) {
        let request = self.client.get(format!("{}{path}", self.site));
        let (status, text) = self.send(request).await;
        if let Some((_, rest)) = text.split_once("name=\"_csrf\" value=\"") {
            self.key = rest.split('"').next().unwrap().to_owned();
        }
        (status, text)
    }

    /// Posts a form with the last page's token.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> u16 {
        let mut all = vec![("_csrf", self.key.as_str())];
        all.extend(fields);
        let request = self.client.post(format!("{}{path}", self.site)).form(&all);
        self.send(request).await.0
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> (u16, String) {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let response = request.header(header::COOKIE, cookies.join("; ")).send().await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_owned();
            self.seen.push((name.to_owned(), value.clone()));
            self.cookies.insert(name.to_owned(), value);
        }
        (response.status().as_u16(), response.text().await.unwrap())
    }
}
