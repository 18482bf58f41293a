//! Why something happened and what came of it. A step is one command with its events; steps hang together by causation, and everything
//! that follows from one beginning shares its correlation.

use std::collections::{HashMap, HashSet};

use recado_kernel::{AccountId, CommandId, Timestamp};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{RecordedEvent, StoreError};

/// Longer stories are told in part.
const LONGEST_STORY: usize = 1_000;
/// Deeper chains are cut: no story of ours comes near.
const DEEPEST: usize = 64;

/// Work that waits for its time and will lead on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingWork {
    /// Which handler.
    pub topic: String,
    /// What it is about.
    pub subject: String,
    /// When.
    pub due_at: Timestamp,
    /// Was it given up?
    pub is_dead: bool,
}

/// One command, what it stored and what followed.
#[derive(Debug, Clone)]
pub struct Step {
    /// The command.
    pub command_id: CommandId,
    /// Its events, in reading order.
    pub events: Vec<RecordedEvent>,
    /// Work that follows from it and has not been done.
    pub waiting: Vec<WaitingWork>,
    /// What followed, in the order it happened.
    pub consequences: Vec<Step>,
}

/// An event's place in its story.
#[derive(Debug, Clone)]
pub struct Causes {
    /// From the beginning of the story down to what directly caused the event; without their other consequences.
    pub above: Vec<Step>,
    /// The cause before all that, if it stored nothing or is not known any more.
    pub beginning: Option<Uuid>,
    /// The event's own command with everything that followed.
    pub own: Step,
    /// The story is longer than is told here.
    pub is_cut: bool,
}

/// Every event of one story within an account, oldest first; at most 1,000.
///
/// # Errors
/// The database does not answer, or a row cannot be decoded.
pub async fn story(pool: &PgPool, account: AccountId, correlation_id: Uuid) -> Result<Vec<RecordedEvent>, StoreError> {
    let statement = format!(
        "SELECT {} FROM events e WHERE e.account_id = $1 AND e.correlation_id = $2 ORDER BY e.txid, e.global_position LIMIT $3",
        RecordedEvent::COLUMNS
    );
    let rows = sqlx::query(&statement)
        .bind(account.as_uuid())
        .bind(correlation_id)
        .bind(i64::try_from(LONGEST_STORY).unwrap_or(i64::MAX))
        .fetch_all(pool)
        .await?;
    rows.iter().map(RecordedEvent::from_row).collect()
}

/// Causes up to the beginning and consequences down to the last, within the event's account.
///
/// # Errors
/// The database does not answer, or a row cannot be decoded.
pub async fn causes(pool: &PgPool, event: &RecordedEvent) -> Result<Causes, StoreError> {
    let account = event.account_id;
    let mut events = story(pool, account, event.correlation_id).await?;
    let is_cut = events.len() >= LONGEST_STORY;
    if !events.iter().any(|told| told.position == event.position) {
        events.push(event.clone());
    }
    let waiting = waiting(pool, account, event.correlation_id).await?;
    let mut told = Story::of(events, waiting);
    let (above, mut beginning) = told.above(event.command_id);
    let own = told.down(event.command_id, 0);
    let mut above: Vec<Step> = above.into_iter().map(|command_id| told.alone(command_id)).collect();
    // A cause in another story is still known to the command log for a while.
    if let Some(cause) = beginning
        && let Some(events) = of_command(pool, account, CommandId::from_uuid(cause)).await?
    {
        above.insert(0, Step { command_id: CommandId::from_uuid(cause), events, waiting: vec![], consequences: vec![] });
        beginning = None;
    }
    Ok(Causes { above, beginning, own, is_cut })
}

/// A story laid out by command.
struct Story {
    events: HashMap<CommandId, Vec<RecordedEvent>>,
    waiting: HashMap<CommandId, Vec<WaitingWork>>,
    /// Cause of each command.
    cause: HashMap<CommandId, Option<CommandId>>,
    /// What followed each command, in order.
    followed: HashMap<CommandId, Vec<CommandId>>,
}

impl Story {
    fn of(events: Vec<RecordedEvent>, waiting: Vec<(CommandId, WaitingWork)>) -> Self {
        let mut story = Self { events: HashMap::new(), waiting: HashMap::new(), cause: HashMap::new(), followed: HashMap::new() };
        let mut order = Vec::new();
        let mut last_of: HashMap<(String, String), CommandId> = HashMap::new();
        let known: HashSet<CommandId> = events.iter().map(|event| event.command_id).collect();
        for event in events {
            let command = event.command_id;
            let thing = (event.aggregate_type.clone(), event.aggregate_id.clone());
            let earlier = last_of.insert(thing, command).filter(|earlier| *earlier != command);
            if let std::collections::hash_map::Entry::Vacant(entry) = story.cause.entry(command) {
                let named = event.causation_id.map(CommandId::from_uuid).filter(|cause| *cause != command);
                // A cause that stored nothing in this story is not lost: what happened to the same thing before comes next to it.
                let cause = match named {
                    Some(cause) if !known.contains(&cause) => earlier.or(Some(cause)),
                    named => named,
                };
                entry.insert(cause);
                order.push(command);
            }
            story.events.entry(command).or_default().push(event);
        }
        for command in order {
            if let Some(Some(cause)) = story.cause.get(&command) {
                story.followed.entry(*cause).or_default().push(command);
            }
        }
        for (command, work) in waiting {
            story.waiting.entry(command).or_default().push(work);
        }
        story
    }

    /// Causes of a command from the first down, and the one before them that is not in the story.
    fn above(&self, command: CommandId) -> (Vec<CommandId>, Option<Uuid>) {
        let mut chain = vec![];
        let mut at = command;
        while let Some(Some(cause)) = self.cause.get(&at) {
            if !self.events.contains_key(cause) {
                return (chain, Some(cause.as_uuid()));
            }
            if chain.contains(cause) || *cause == command || chain.len() >= DEEPEST {
                break;
            }
            chain.insert(0, *cause);
            at = *cause;
        }
        (chain, None)
    }

    fn alone(&mut self, command_id: CommandId) -> Step {
        let events = self.events.remove(&command_id).unwrap_or_default();
        Step { command_id, events, waiting: vec![], consequences: vec![] }
    }

    /// Each command is told once, so even a circle ends.
    fn down(&mut self, command_id: CommandId, depth: usize) -> Step {
        let events = self.events.get(&command_id).cloned().unwrap_or_default();
        let waiting = self.waiting.remove(&command_id).unwrap_or_default();
        let following = if depth < DEEPEST { self.followed.remove(&command_id).unwrap_or_default() } else { vec![] };
        let consequences = following.into_iter().map(|command| self.down(command, depth + 1)).collect();
        Step { command_id, events, waiting, consequences }
    }
}

async fn waiting(pool: &PgPool, account: AccountId, correlation_id: Uuid) -> Result<Vec<(CommandId, WaitingWork)>, StoreError> {
    let rows: Vec<(Uuid, String, String, Timestamp, bool)> = sqlx::query_as(
        "SELECT causation_id, topic, subject, due_at, dead_at IS NOT NULL FROM work
          WHERE correlation_id = $1 AND account_id = $2 AND causation_id IS NOT NULL ORDER BY due_at, seq LIMIT 100",
    )
    .bind(correlation_id)
    .bind(account.as_uuid())
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(cause, topic, subject, due_at, is_dead)| {
            (CommandId::from_uuid(cause), WaitingWork { topic, subject, due_at, is_dead })
        })
        .collect())
}

/// Events of a command, found through the command log.
async fn of_command(pool: &PgPool, account: AccountId, command: CommandId) -> Result<Option<Vec<RecordedEvent>>, StoreError> {
    let statement = format!(
        "SELECT {} FROM command_log c
           JOIN events e ON e.aggregate_type = c.aggregate_type AND e.aggregate_id = c.aggregate_id
                        AND e.sequence <= c.last_sequence AND e.sequence > c.last_sequence - 50
          WHERE c.account_id = $1 AND c.command_id = $2 AND e.account_id = $1 AND e.command_id = $2
          ORDER BY e.sequence",
        RecordedEvent::COLUMNS
    );
    let rows = sqlx::query(&statement).bind(account.as_uuid()).bind(command.as_uuid()).fetch_all(pool).await?;
    let events = rows.iter().map(RecordedEvent::from_row).collect::<Result<Vec<_>, _>>()?;
    Ok((!events.is_empty()).then_some(events))
}
