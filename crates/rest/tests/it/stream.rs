//! A reader of server-sent events, as any client would write one.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use reqwest::Response;
use serde_json::Value;

pub struct Stream {
    chunks: BoxStream<'static, reqwest::Result<Vec<u8>>>,
    text: String,
}

impl Stream {
    pub fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        let chunks = response.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec())).boxed();
        Self { chunks, text: String::new() }
    }

    /// Id and data of the next event; `None` at the end of the stream. Comments are skipped.
    pub async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    event.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim_start().to_owned())
                };
                let found = field("id:").zip(field("data:"));
                self.text = rest.to_owned();
                if let Some((id, data)) = found {
                    return Some((id, serde_json::from_str(&data).unwrap()));
                }
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.chunks.next()).await.unwrap();
            self.text.push_str(std::str::from_utf8(&chunk?.unwrap()).unwrap());
        }
    }

    /// The next `n` events.
    pub async fn take(&mut self, n: usize) -> Vec<(String, Value)> {
        let mut taken = vec![];
        while taken.len() < n {
            taken.push(self.next().await.unwrap());
        }
        taken
    }
}
