//! Where an instance's events are delivered (plugzapi-api.md 2.6).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of webhooks, each with its own URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookKind {
    /// `ReceivedCallback`.
    Received,
    /// `ReceivedCallback` with own messages ("enviadas por mim").
    ReceivedDelivery,
    /// `DeliveryCallback`.
    Delivery,
    /// `MessageStatusCallback`.
    MessageStatus,
    /// `ConnectedCallback`.
    Connected,
    /// `DisconnectedCallback`.
    Disconnected,
    /// `PresenceChatCallback`.
    Presence,
}

impl WebhookKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::ReceivedDelivery,
        Self::Delivery,
        Self::MessageStatus,
        Self::Connected,
        Self::Disconnected,
        Self::Presence,
    ];

    /// The wire name, e.g. `message_status`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::ReceivedDelivery => "received_delivery",
            Self::Delivery => "delivery",
            Self::MessageStatus => "message_status",
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::Presence => "presence",
        }
    }
}

/// A URL that may be called: absolute, with a host, https unless the installation allows local receivers, no user or password in it,
/// at most 2,000 characters. Whether its address is private is decided when it is called, not here.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebhookUrl(String);

/// Why a text is no webhook URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWebhookUrl {
    /// Not https (plugzapi-api.md 2.6).
    #[error("Webhook URL must be HTTPS")]
    NotHttps,
    /// Not an absolute URL with a host, too long, or with credentials in it.
    #[error("Webhook URL is invalid")]
    Invalid,
}

impl WebhookUrl {
    /// Longest URL, in characters.
    pub const MAX_CHARS: usize = 2_000;

    /// Reads a URL; `allow_local` permits `http://` (`RECADO_ALLOW_LOCAL_WEBHOOKS=1`).
    ///
    /// # Errors
    /// It is not one.
    pub fn parse(text: &str, allow_local: bool) -> Result<Self, InvalidWebhookUrl> {
        let text = text.trim();
        // The URL parser forgives control characters; the database does not (U+0000), nor should a log.
        if text.chars().count() > Self::MAX_CHARS || text.chars().any(char::is_control) {
            return Err(InvalidWebhookUrl::Invalid);
        }
        let url = url::Url::parse(text).map_err(|_| InvalidWebhookUrl::Invalid)?;
        match url.scheme() {
            "https" => {}
            "http" if allow_local => {}
            "http" => return Err(InvalidWebhookUrl::NotHttps),
            _ => return Err(InvalidWebhookUrl::NotHttps),
        }
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        if url.host_str().is_none_or(str::is_empty) || has_credentials {
            return Err(InvalidWebhookUrl::Invalid);
        }
        Ok(Self(text.to_owned()))
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// All URLs of one instance; `None` means "not delivered".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Webhooks {
    /// `ReceivedCallback`.
    pub received: Option<WebhookUrl>,
    /// `ReceivedCallback` with own messages.
    pub received_delivery: Option<WebhookUrl>,
    /// `DeliveryCallback`.
    pub delivery: Option<WebhookUrl>,
    /// `MessageStatusCallback`.
    pub message_status: Option<WebhookUrl>,
    /// `ConnectedCallback`.
    pub connected: Option<WebhookUrl>,
    /// `DisconnectedCallback`.
    pub disconnected: Option<WebhookUrl>,
    /// `PresenceChatCallback`.
    pub presence: Option<WebhookUrl>,
    /// Send the instance's own token as `z-api-token` with every delivery. It is a credential: only when the owner asks (plugzapi-api.md 3.1).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub send_instance_token: bool,
}

impl Webhooks {
    /// The URL of one kind.
    #[must_use]
    pub const fn get(&self, kind: WebhookKind) -> Option<&WebhookUrl> {
        match kind {
            WebhookKind::Received => self.received.as_ref(),
            WebhookKind::ReceivedDelivery => self.received_delivery.as_ref(),
            WebhookKind::Delivery => self.delivery.as_ref(),
            WebhookKind::MessageStatus => self.message_status.as_ref(),
            WebhookKind::Connected => self.connected.as_ref(),
            WebhookKind::Disconnected => self.disconnected.as_ref(),
            WebhookKind::Presence => self.presence.as_ref(),
        }
    }

    /// Sets or clears the URL of one kind.
    pub fn set(&mut self, kind: WebhookKind, url: Option<WebhookUrl>) {
        *match kind {
            WebhookKind::Received => &mut self.received,
            WebhookKind::ReceivedDelivery => &mut self.received_delivery,
            WebhookKind::Delivery => &mut self.delivery,
            WebhookKind::MessageStatus => &mut self.message_status,
            WebhookKind::Connected => &mut self.connected,
            WebhookKind::Disconnected => &mut self.disconnected,
            WebhookKind::Presence => &mut self.presence,
        } = url;
    }
}

/// A partial change: what is not named stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookChange {
    /// Kinds with their new URL (`None` clears).
    pub urls: Vec<(WebhookKind, Option<WebhookUrl>)>,
    /// "Enviadas por mim".
    pub notify_sent_by_me: Option<bool>,
    /// [`Webhooks::send_instance_token`].
    pub send_instance_token: Option<bool>,
}

impl WebhookChange {
    /// One kind. Setting [`WebhookKind::ReceivedDelivery`] switches "enviadas por mim" on, clearing it switches it off (plugzapi-api.md 2.6).
    #[must_use]
    pub fn one(kind: WebhookKind, url: Option<WebhookUrl>) -> Self {
        let notify_sent_by_me = (kind == WebhookKind::ReceivedDelivery).then_some(url.is_some());
        Self { urls: vec![(kind, url)], notify_sent_by_me, ..Self::default() }
    }

    /// Every kind at once.
    #[must_use]
    pub fn every(url: Option<WebhookUrl>, notify_sent_by_me: Option<bool>) -> Self {
        Self {
            urls: WebhookKind::ALL.into_iter().map(|kind| (kind, url.clone())).collect(),
            notify_sent_by_me,
            ..Self::default()
        }
    }

    /// Only "enviadas por mim".
    #[must_use]
    pub const fn notify_sent_by_me(on: bool) -> Self {
        Self { urls: vec![], notify_sent_by_me: Some(on), send_instance_token: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_unless_local_receivers_are_allowed() {
        assert!(WebhookUrl::parse("https://example.com/hook?x=1", false).is_ok());
        assert_eq!(WebhookUrl::parse("http://example.com", false), Err(InvalidWebhookUrl::NotHttps));
        assert!(WebhookUrl::parse("http://127.0.0.1:9999/", true).is_ok());
        for (bad, why) in [
            ("ftp://example.com", InvalidWebhookUrl::NotHttps),
            ("example.com/hook", InvalidWebhookUrl::Invalid),
            ("https://", InvalidWebhookUrl::Invalid),
            ("https://user:secret@example.com", InvalidWebhookUrl::Invalid),
            ("", InvalidWebhookUrl::Invalid),
            ("https://example.com/a\0b", InvalidWebhookUrl::Invalid),
            ("https://example.com/a\nb", InvalidWebhookUrl::Invalid),
        ] {
            assert_eq!(WebhookUrl::parse(bad, true), Err(why), "{bad}");
        }
        assert!(WebhookUrl::parse(&format!("https://example.com/{}", "x".repeat(2_000)), false).is_err());
    }

    #[test]
    fn every_sets_every_kind() {
        let url = WebhookUrl::parse("https://example.com/", false).ok();
        let mut webhooks = Webhooks::default();
        for (kind, url) in WebhookChange::every(url.clone(), None).urls {
            webhooks.set(kind, url);
        }
        assert!(WebhookKind::ALL.iter().all(|kind| webhooks.get(*kind) == url.as_ref()));
    }
}
