//! One command, carried out at most once: load, decide, append, answer with the position.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::CommandMeta;
use tokio::sync::Mutex;

use crate::append::Appended;
use crate::writer::{is_used_elsewhere, replayed};
use crate::{Alongside, AppendError, CommandError, EventLog, PgEventStore, Position, StoreError, StoredEvent};

const LANES: usize = 512;
const ATTEMPTS: u32 = 8;

/// What a command did.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandOutcome<E> {
    /// Where its last event stands: pass it to [`EventLog::wait_for`] to read your own write. For a command that decided nothing,
    /// the zero position.
    pub position: Position,
    /// The aggregate's sequence afterwards.
    pub sequence: i64,
    /// What was stored now; empty when replayed or when there was nothing to do.
    pub events: Vec<E>,
    /// The command id was known; the earlier outcome stands.
    pub replayed: bool,
}

/// An aggregate as it stands.
#[derive(Debug, Clone)]
pub struct Loaded<A> {
    /// The state.
    pub aggregate: A,
    /// Sequence of its last event; 0 when it does not exist.
    pub sequence: i64,
}

impl<A> Loaded<A> {
    /// Has it any events?
    #[must_use]
    pub const fn exists(&self) -> bool {
        self.sequence > 0
    }
}

/// Runs commands on aggregates of type `A`. Cheap to clone. Within the process, commands on one aggregate wait for each other; across
/// processes the key check decides and the loser tries again.
#[derive(Debug)]
pub struct CommandBus<A> {
    log: EventLog,
    store: PgEventStore<A>,
    lanes: Arc<Vec<Mutex<()>>>,
}

impl<A> Clone for CommandBus<A> {
    fn clone(&self) -> Self {
        Self { log: self.log.clone(), store: self.store.clone(), lanes: self.lanes.clone() }
    }
}

impl<A> CommandBus<A>
where
    A: Aggregate<Services = ()> + 'static,
    A::Command: Clone + Send + Sync + 'static,
    A::Event: StoredEvent + 'static,
    A::Error: Send + Sync + 'static,
{
    /// A bus on `log`.
    #[must_use]
    pub fn new(log: EventLog) -> Self {
        let lanes = (0..LANES).map(|_| Mutex::new(())).collect();
        Self { store: PgEventStore::new(log.clone()), log, lanes: Arc::new(lanes) }
    }

    /// The aggregate as it stands now.
    ///
    /// # Errors
    /// The database, or an event nobody can read.
    pub async fn load(&self, id: &str) -> Result<Loaded<A>, StoreError> {
        let context = self.store.load(id).await?;
        Ok(Loaded { aggregate: context.aggregate, sequence: context.sequence })
    }

    /// Runs `command` on aggregate `id`.
    ///
    /// # Errors
    /// The aggregate's refusal, contention, or the database.
    pub async fn execute(
        &self,
        id: &str,
        command: A::Command,
        meta: CommandMeta,
    ) -> Result<CommandOutcome<A::Event>, CommandError<A::Error>> {
        self.execute_with(id, command, meta, |_, _| Alongside::default()).await
    }

    /// Runs `command`; `alongside` tells which rows go with the decided events (given the aggregate after them). It is not called when
    /// nothing was decided. The work runs in a task of its own: a caller that is dropped cannot cut it in half.
    ///
    /// # Errors
    /// The aggregate's refusal, a taken claim, contention, or the database.
    pub async fn execute_with<F>(
        &self,
        id: &str,
        command: A::Command,
        meta: CommandMeta,
        alongside: F,
    ) -> Result<CommandOutcome<A::Event>, CommandError<A::Error>>
    where
        F: Fn(&A, &[A::Event]) -> Alongside + Send + Sync + 'static,
    {
        let bus = self.clone();
        let id = id.to_owned();
        let task = tokio::spawn(async move { bus.run(&id, command, meta, alongside).await });
        task.await.map_err(|error| CommandError::Store(StoreError::Database(format!("the command's task failed: {error}"))))?
    }

    async fn run<F>(
        &self,
        id: &str,
        command: A::Command,
        meta: CommandMeta,
        alongside: F,
    ) -> Result<CommandOutcome<A::Event>, CommandError<A::Error>>
    where
        F: Fn(&A, &[A::Event]) -> Alongside + Send + Sync + 'static,
    {
        let _turn = self.lane(id).lock().await;
        for attempt in 0..ATTEMPTS {
            let mut context = self.store.load(id).await?;
            let sink = EventSink::default();
            let decided = context.aggregate.handle(command.clone(), &(), &sink).await;
            let events = sink.collect().await;
            if let Err(refusal) = decided {
                // A repeat of a command that was accepted before may well be refused by the state it led to.
                return self.earlier(id, &meta).await?.ok_or(CommandError::Refused(refusal));
            }
            if events.is_empty() {
                let nothing =
                    CommandOutcome { position: Position::default(), sequence: context.sequence, events, replayed: false };
                return Ok(self.earlier(id, &meta).await?.unwrap_or(nothing));
            }
            let side_rows = alongside(&context.aggregate, &events);
            let append = PgEventStore::append_of(&context, &events, meta.clone(), side_rows)?;
            match self.log.append(append).await {
                Ok(Appended { position, sequence, replayed }) => {
                    let events = if replayed { vec![] } else { events };
                    return Ok(CommandOutcome { position, sequence, events, replayed });
                }
                Err(AppendError::Conflict) => {
                    if let Some(outcome) = self.earlier(id, &meta).await? {
                        return Ok(outcome);
                    }
                    let (account, command_id) = (meta.account_id.as_uuid(), meta.command_id.as_uuid());
                    if is_used_elsewhere(self.log.pool(), account, command_id, A::TYPE, id).await? {
                        return Err(CommandError::CommandReused(meta.command_id));
                    }
                    // Spread over 2..64 ms by the command's own id, so that losers do not march in step.
                    let jitter = u64::from(meta.command_id.as_uuid().as_bytes()[15] % 8);
                    tokio::time::sleep(Duration::from_millis((2_u64 << attempt.min(5)) + jitter)).await;
                }
                Err(AppendError::ClaimTaken { scope }) => {
                    return self.earlier(id, &meta).await?.ok_or(CommandError::ClaimTaken { scope });
                }
                Err(AppendError::Store(error)) => return Err(error.into()),
            }
        }
        Err(CommandError::Contention)
    }

    async fn earlier(&self, id: &str, meta: &CommandMeta) -> Result<Option<CommandOutcome<A::Event>>, StoreError> {
        let known = replayed(self.log.pool(), meta.account_id.as_uuid(), meta.command_id.as_uuid(), A::TYPE, id).await?;
        Ok(known.map(|Appended { position, sequence, .. }| CommandOutcome { position, sequence, events: vec![], replayed: true }))
    }

    fn lane(&self, id: &str) -> &Mutex<()> {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let lane = usize::try_from(hasher.finish() % LANES as u64).unwrap_or_default();
        &self.lanes[lane]
    }
}
