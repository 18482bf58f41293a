//! A client as customers write it: URLs by concatenation, JSON by hand.

use reqwest::{Method, Response};
use serde_json::Value;

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub body: Value,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let status = response.status().as_u16();
        let header = response.headers().get("content-type");
        let content_type = header.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Self { status, content_type, body }
    }

    /// The body of a 200.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.body
    }

    /// The `error` of a refusal.
    #[track_caller]
    pub fn error(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{self:?}");
        self.body["error"].as_str().unwrap()
    }
}

/// One instance's side of the API.
#[derive(Clone)]
pub struct Client {
    pub http: reqwest::Client,
    /// `http://127.0.0.1:port`
    pub base: String,
    pub id: String,
    pub token: String,
    pub client_token: Option<String>,
}

impl Client {
    pub fn path(&self, action: &str) -> String {
        format!("{}/instances/{}/token/{}{action}", self.base, self.id, self.token)
    }

    pub fn request(&self, method: Method, action: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, self.path(action));
        match &self.client_token {
            Some(token) => request.header("Client-Token", token),
            None => request,
        }
    }

    pub async fn get(&self, action: &str) -> Answer {
        Answer::of(self.request(Method::GET, action).send().await.unwrap()).await
    }

    pub async fn delete(&self, action: &str) -> Answer {
        Answer::of(self.request(Method::DELETE, action).send().await.unwrap()).await
    }

    pub async fn post(&self, action: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::POST, action).json(&body).send().await.unwrap()).await
    }

    pub async fn put(&self, action: &str, body: Value) -> Answer {
        Answer::of(self.request(Method::PUT, action).json(&body).send().await.unwrap()).await
    }

    /// A POST with a body exactly as written.
    pub async fn post_raw(&self, action: &str, content_type: &str, body: impl Into<String>) -> Answer {
        let request = self.request(Method::POST, action).header("content-type", content_type).body(body.into());
        Answer::of(request.send().await.unwrap()).await
    }
}
