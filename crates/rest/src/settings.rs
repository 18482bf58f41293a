//! What an operator may change about the REST door.

use std::time::Duration;

use ipnet::IpNet;

/// Settings of the REST API. [`RestSettings::default`] is right for production.
#[derive(Debug, Clone)]
pub struct RestSettings {
    /// Address of the API as clients reach it, without a slash at the end; empty: where the description is read from.
    pub public_url: String,
    /// Answer an unknown route with HTTP 200, as the original does, instead of 404 (plugzapi-api.md 1.5).
    pub strict_zapi_status: bool,
    /// Largest request body in bytes: room for the base64 of a 100 MB document (plugzapi-api.md 1.3).
    pub max_body_bytes: usize,
    /// Largest request body of a route that takes no files: room for 50,000 numbers (plugzapi-api.md 2.7).
    pub max_plain_body_bytes: usize,
    /// Longest silence while a body is coming in.
    pub body_idle_timeout: Duration,
    /// Longest time a whole body may take.
    pub body_total_timeout: Duration,
    /// Proxies of the operator: what they say in `X-Forwarded-For` is believed (plugzapi-api.md 1.2, IP allow-list).
    pub trusted_proxies: Vec<IpNet>,
    /// How many requests an instance may make at once before it must slow down; 0 switches the limit off. No limit is documented, so
    /// it only stops runaway loops.
    pub burst: u32,
    /// How many requests per second an instance wins back.
    pub requests_per_second: u32,
    /// How long a repeat under an `Idempotency-Key` waits for the first request to be answered.
    pub repeat_patience: Duration,
}

impl Default for RestSettings {
    fn default() -> Self {
        Self {
            public_url: String::new(),
            strict_zapi_status: false,
            max_body_bytes: 140 * 1024 * 1024,
            max_plain_body_bytes: 4 * 1024 * 1024,
            body_idle_timeout: Duration::from_secs(15),
            body_total_timeout: Duration::from_secs(180),
            trusted_proxies: vec![],
            burst: 500,
            requests_per_second: 100,
            repeat_patience: Duration::from_secs(8),
        }
    }
}
