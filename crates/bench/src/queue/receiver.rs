//! The other end of the webhooks: reads a delivery, notes which message it is about, answers 200.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::http::{find, length_of};

/// Listens until the process ends.
#[derive(Clone, Default)]
pub struct Receiver {
    messages: Arc<Mutex<HashSet<String>>>,
    different: Arc<AtomicU64>,
    calls: Arc<AtomicU64>,
}

impl Receiver {
    /// Starts it; answers with its URL.
    pub async fn start() -> anyhow::Result<(Self, String)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let receiver = Self::default();
        let own = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(own.clone().serve(stream));
            }
        });
        Ok((receiver, url))
    }

    /// How many messages were told.
    pub fn told(&self) -> u64 {
        self.different.load(Ordering::Relaxed)
    }

    /// How many calls came.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    async fn serve(self, mut stream: TcpStream) {
        drop(stream.set_nodelay(true));
        let mut buffer = Vec::with_capacity(4_096);
        loop {
            let request = loop {
                if let Some(end) = find(&buffer, b"\r\n\r\n") {
                    let length = length_of(&buffer[..end]).unwrap_or_default();
                    if buffer.len() >= end + 4 + length {
                        break end + 4..end + 4 + length;
                    }
                }
                match stream.read_buf(&mut buffer).await {
                    Ok(0) | Err(_) => return,
                    Ok(_) => {}
                }
            };
            self.note(&buffer[request.clone()]);
            buffer.drain(..request.end);
            if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.is_err() {
                return;
            }
        }
    }

    fn note(&self, body: &[u8]) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let Ok(body) = serde_json::from_slice::<serde_json::Value>(body) else { return };
        let (Some("DeliveryCallback"), Some(message)) = (body["type"].as_str(), body["messageId"].as_str()) else { return };
        if self.messages.lock().unwrap_or_else(PoisonError::into_inner).insert(message.to_owned()) {
            self.different.fetch_add(1, Ordering::Relaxed);
        }
    }
}
