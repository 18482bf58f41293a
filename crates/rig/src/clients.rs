//! The customers' programs: each writes numbered messages into one chat, the next one when the last was answered, and repeats on any error
//! as public client libraries do.

use std::sync::Arc;
use std::time::Duration;

use recado_kernel::{Rng as _, SeededRng};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::plan::Chat;
use crate::progress::Progress;
use crate::setup::Instance;

/// How long a client waits for an answer.
const ANSWER: Duration = Duration::from_secs(5);
/// Waits between repeats: the first, and the longest.
const PAUSES: (u64, u64) = (100, 2_000);

/// A message a client wanted to send, and what it knows of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intention {
    /// Which conversation.
    pub chat: usize,
    /// Its number there, from 0.
    pub number: usize,
    /// Whether it carried an `Idempotency-Key`.
    pub keyed: bool,
    /// The `messageId` of the 200 the client got.
    pub acknowledged: Option<String>,
    /// Attempts that reached the server, as far as the client can know, and were never answered.
    pub unanswered: usize,
    /// Attempts answered "not now" (429, 5xx): nothing of them may have been stored.
    pub refused: usize,
    /// An answer no client can live with.
    pub offence: Option<String>,
}

impl Intention {
    /// The client's own name for it: `customId`, text and key.
    pub fn own_id(&self) -> String {
        format!("rig-{}-{}", self.chat, self.number)
    }
}

/// What one attempt came to.
enum Attempt {
    Accepted(String),
    NotNow,
    Unanswered,
    /// It never reached the server.
    Unsent,
    Offence(String),
}

/// One client with one chat.
pub struct Client {
    /// Connections are kept and shared, as libraries do.
    pub http: reqwest::Client,
    /// Through which number.
    pub instance: Arc<Instance>,
    /// Where to.
    pub chat: Chat,
    /// For the pauses.
    pub seed: u64,
    /// Who watches.
    pub progress: Arc<Progress>,
    /// It waits while so many messages of all clients are on their way.
    pub window: usize,
}

/// Connections for all clients.
pub fn http() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().no_proxy().timeout(ANSWER).connect_timeout(Duration::from_secs(2)).build()
}

impl Client {
    /// Sends the chat's messages; begins none after `last`, and gives up at `deadline`.
    pub async fn run(self, last: Instant, deadline: Instant) -> Vec<Intention> {
        let mut rng = SeededRng::new(self.seed ^ ((self.chat.index as u64) << 32));
        let mut all = Vec::with_capacity(self.chat.messages);
        for number in 0..self.chat.messages {
            while self.progress.behind() >= self.window && Instant::now() < last {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            if Instant::now() >= last {
                break;
            }
            let mut wish = Intention { chat: self.chat.index, number, keyed: self.chat.keyed, ..Intention::default() };
            self.insist(&mut wish, &mut rng, deadline).await;
            if wish.acknowledged.is_some() {
                self.progress.accepted();
            }
            let hopeless = wish.acknowledged.is_none();
            all.push(wish);
            // The order of a chat is only promised to those who wait for their answers.
            if hopeless {
                break;
            }
        }
        all
    }

    async fn insist(&self, wish: &mut Intention, rng: &mut SeededRng, deadline: Instant) {
        let mut pause = PAUSES.0;
        while Instant::now() < deadline {
            match self.attempt(wish).await {
                Attempt::Accepted(id) => {
                    wish.acknowledged = Some(id);
                    return;
                }
                Attempt::Offence(what) => {
                    wish.offence = Some(what);
                    return;
                }
                Attempt::NotNow => wish.refused += 1,
                Attempt::Unanswered => wish.unanswered += 1,
                Attempt::Unsent => {}
            }
            tokio::time::sleep(Duration::from_millis(rng.between(pause / 2, pause))).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn attempt(&self, wish: &Intention) -> Attempt {
        let own_id = wish.own_id();
        let body = json!({ "phone": self.chat.phone, "message": format!("Mensagem {own_id}"), "customId": own_id });
        let mut request = self.http.post(format!("{}/send-text", self.instance.base)).json(&body);
        if wish.keyed {
            request = request.header("Idempotency-Key", &own_id);
        }
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) if error.is_connect() => return Attempt::Unsent,
            Err(_) => return Attempt::Unanswered,
        };
        let status = answer.status();
        let Ok(text) = answer.text().await else { return Attempt::Unanswered };
        let said: Value = serde_json::from_str(&text).unwrap_or_default();
        match (status, said["messageId"].as_str()) {
            (StatusCode::OK, Some(id)) => Attempt::Accepted(id.to_owned()),
            // The first request with this key is still being carried out.
            (StatusCode::CONFLICT, _) if wish.keyed => Attempt::NotNow,
            (status, _) if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() => Attempt::NotNow,
            (status, _) => Attempt::Offence(format!("{} was answered {status}: {text}", wish.own_id())),
        }
    }
}
