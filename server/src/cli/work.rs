//! `recado work status|dead|revive|discard`.

use recado_event_store::work;
use serde_json::json;
use uuid::Uuid;

use super::print;
use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// Most dead letters one list shows.
const SHOWN: i64 = 1_000;

/// Durable work: queues, deliveries, timers, mail.
#[derive(Debug, clap::Subcommand)]
pub enum Work {
    /// How much waits, is due, is overdue or was given up, topic by topic.
    Status {
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Work that was given up, the newest first.
    Dead {
        /// Only of this topic.
        #[arg(long)]
        topic: Option<String>,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Do a dead letter again, at its old place in its lane.
    Revive(Which),
    /// Throw a dead letter away.
    Discard(Which),
}

/// Which dead letter, and how to answer.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Its id, as `recado work dead` shows it.
    id: Uuid,
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Work {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let session = Session::open_as_it_is(place).await?;
        let outcome = self.run_in(&session).await;
        session.close_as_it_is().await;
        outcome
    }

    async fn run_in(self, session: &Session) -> anyhow::Result<()> {
        let platform = &session.contexts.platform;
        let unknown = |id: Uuid| Problem::new(format!("there is no dead letter {id}: see `recado work dead`"));
        match self {
            Self::Status { json } => status(session, json).await,
            Self::Dead { topic, json } => dead(session, topic.as_deref(), json).await,
            Self::Revive(Which { id, json }) => {
                if !work::revive(platform.pool(), id, platform.now()).await? {
                    return Err(unknown(id).into());
                }
                platform.log.ring();
                print(&json!({"id": id, "revived": true}), json);
                Ok(())
            }
            Self::Discard(Which { id, json }) => {
                if !work::discard(platform.pool(), id).await? {
                    return Err(unknown(id).into());
                }
                print(&json!({"id": id, "discarded": true}), json);
                Ok(())
            }
        }
    }
}

async fn status(session: &Session, as_json: bool) -> anyhow::Result<()> {
    let platform = &session.contexts.platform;
    let topics = work::topics(platform.pool(), platform.now()).await?;
    if as_json {
        println!("{}", json!({"topics": topics}));
        return Ok(());
    }
    for topic in topics {
        println!(
            "{:<20} {} waiting, {} lanes due, {} overdue, {} in work, {} dead letters",
            topic.topic, topic.waiting, topic.due, topic.overdue, topic.leased, topic.dead
        );
    }
    Ok(())
}

async fn dead(session: &Session, topic: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let letters = work::dead_letters(session.contexts.platform.pool(), topic, SHOWN).await?;
    if as_json {
        println!("{}", json!({"dead_letters": letters}));
        return Ok(());
    }
    for letter in letters {
        println!("{}  {}  {}  after {} attempts: {}", letter.id, letter.topic, letter.subject, letter.attempts, letter.error);
    }
    Ok(())
}
