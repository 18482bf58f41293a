//! Raw connections to the real binary: what a careless or hostile client writes, byte by byte, and what it costs the server.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::program::Server;

/// A connection that writes what it likes.
pub struct Wire(pub TcpStream);

impl Wire {
    pub async fn to(server: &Server) -> Self {
        Self(TcpStream::connect(server.url.trim_start_matches("http://")).await.unwrap())
    }

    /// `false` when the other side has closed.
    pub async fn write(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).await.is_ok()
    }

    /// The next answer's status, its head and body being read. `None`: closed without one, within `limit`.
    pub async fn status_within(&mut self, limit: Duration) -> Option<u16> {
        let read = async {
            let mut head = vec![];
            while !head.ends_with(b"\r\n\r\n") {
                head.push(self.0.read_u8().await.ok()?);
            }
            let head = String::from_utf8_lossy(&head).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            self.0.read_exact(&mut body).await.ok()?;
            head.split(' ').nth(1)?.parse().ok()
        };
        tokio::time::timeout(limit, read).await.expect("neither an answer nor an end")
    }

    /// Every status until the other side closes.
    pub async fn statuses(&mut self) -> Vec<u16> {
        let mut all = vec![];
        while let Some(status) = self.status_within(Duration::from_secs(20)).await {
            all.push(status);
        }
        all
    }

    /// Waits until the other side closes, whatever it says before.
    pub async fn ends_within(&mut self, limit: Duration) -> bool {
        let mut rest = vec![0; 4_096];
        let read = async { while self.0.read(&mut rest).await.is_ok_and(|count| count > 0) {} };
        tokio::time::timeout(limit, read).await.is_ok()
    }
}

/// What the process holds in memory now, in MB.
pub fn memory(server: &Server) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1_024.0
}

/// Somebody else is served, and soon.
pub async fn others_are_served(server: &Server) {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).timeout(Duration::from_secs(8)).build().unwrap();
    let answer = client.get(format!("{}/health", server.url)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}
