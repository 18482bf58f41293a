//! A browser without scripts: keeps cookies, follows nothing by itself, fills in forms with the token the page gave it.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// One visitor.
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Seen {
    pub status: StatusCode,
    pub location: Option<String>,
    pub policy: String,
    pub text: String,
}

impl Seen {
    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.text.contains(text), "no {text:?} in ({}) {}", self.status, self.text);
        self
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.text.contains(text), "{text:?} in {}", self.text);
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn goes_to(&self, path: &str) -> &Self {
        self.is(303);
        assert_eq!(self.location.as_deref(), Some(path));
        self
    }
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), token: String::new() }
    }

    /// Opens a page and remembers its form token.
    pub async fn open(&mut self, path: &str) -> Seen {
        let seen = self.send("GET", path, None, &[]).await;
        if let Some((_, rest)) = seen.text.split_once("name=\"_csrf\" value=\"") {
            self.token = rest.split('"').next().unwrap().to_owned();
        }
        seen
    }

    /// Posts a form with the last page's token.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let mut all = vec![("_csrf", self.token.clone())];
        all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
        self.post_raw(path, &all, &[]).await
    }

    /// Posts exactly this.
    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, String)], headers: &[(&str, &str)]) -> Seen {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        self.send("POST", path, Some(body.join("&")), headers).await
    }

    /// Posts a form with one file, as browsers do, with the last page's token.
    pub async fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &[u8])) -> Seen {
        let (name, mime, bytes) = file;
        let mut body = vec![];
        let token = self.token.clone();
        for (field, value) in std::iter::once(("_csrf", token.as_str())).chain(fields.iter().copied()) {
            body.extend(format!("--limite\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        let head = format!(
            "--limite\r\nContent-Disposition: form-data; name=\"arquivo\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n"
        );
        body.extend([head.as_bytes(), bytes, b"\r\n--limite--\r\n"].concat());
        let mut request = self.request("POST", path, None, &[("content-type", "multipart/form-data; boundary=limite")]);
        *request.body_mut() = Body::from(body);
        self.answer(request).await
    }

    pub fn token(&self) -> String {
        self.token.clone()
    }

    /// The answer itself, for streams.
    pub async fn raw(&mut self, path: &str) -> axum::response::Response {
        let request = self.request("GET", path, None, &[]);
        self.router.clone().oneshot(request).await.unwrap()
    }

    fn request(&self, method: &str, path: &str, form: Option<String>, headers: &[(&str, &str)]) -> Request<Body> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "painel.test");
        request = request.header(header::COOKIE, cookies.join("; ")).header(header::ACCEPT_LANGUAGE, "pt-BR");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        request.body(form.map_or_else(Body::empty, Body::from)).unwrap()
    }

    async fn send(&mut self, method: &str, path: &str, form: Option<String>, headers: &[(&str, &str)]) -> Seen {
        let request = self.request(method, path, form, headers);
        self.answer(request).await
    }

    async fn answer(&mut self, request: Request<Body>) -> Seen {
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let text = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (location, policy) = (text(header::LOCATION), text(header::CONTENT_SECURITY_POLICY).unwrap_or_default());
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Seen { status, location, policy, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
