//! One command, carried out at most once: load, decide, append, answer with the position.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_kernel::CommandMeta;
use tokio::sync::Mutex;

use crate::append::Appended;
use crate::hot::Hot;
use crate::store::Context;
use crate::writer::{is_used_elsewhere, replayed};
use crate::{Alongside, AppendError, CommandError, EventLog, PgEventStore, Position, StoreError, StoredEvent};

/// So many that two commands in flight hardly ever meet in one by chance.
const LANES: usize = 8_192;
const ATTEMPTS: u32 = 8;
/// Aggregates remembered per type and process.
const REMEMBERED: usize = 4_096;

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

/// Does the caller know whether the aggregate exists?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// It should not: decide on an empty one without looking.
    New,
    /// It may.
    Known,
}

/// Runs commands on aggregates of type `A`. Cheap to clone. Within the process, commands on one aggregate wait for each other; across
/// processes the key check decides and the loser tries again. Aggregates used a moment ago are not loaded again.
#[derive(Debug)]
pub struct CommandBus<A> {
    log: EventLog,
    store: PgEventStore<A>,
    lanes: Arc<Vec<Mutex<()>>>,
    hot: Arc<Hot<A>>,
}

impl<A> Clone for CommandBus<A> {
    fn clone(&self) -> Self {
        Self { log: self.log.clone(), store: self.store.clone(), lanes: self.lanes.clone(), hot: self.hot.clone() }
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
        Self::remembering(log, REMEMBERED)
    }

    /// A bus that remembers at most `aggregates` of them; 0: every command loads.
    #[must_use]
    pub fn remembering(log: EventLog, aggregates: usize) -> Self {
        let lanes = (0..LANES).map(|_| Mutex::new(())).collect();
        let hot = Arc::new(Hot::new(aggregates));
        Self { store: PgEventStore::new(log.clone()), log, lanes: Arc::new(lanes), hot }
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
        self.begin(Start::Known, id, command, meta, alongside).await
    }

    /// [`Self::execute_with`] for an aggregate that should not exist yet (a new id): nothing is loaded. If it does exist after all, the
    /// key check says so and the command is decided on what is there.
    ///
    /// # Errors
    /// As [`Self::execute_with`].
    pub async fn create_with<F>(
        &self,
        id: &str,
        command: A::Command,
        meta: CommandMeta,
        alongside: F,
    ) -> Result<CommandOutcome<A::Event>, CommandError<A::Error>>
    where
        F: Fn(&A, &[A::Event]) -> Alongside + Send + Sync + 'static,
    {
        self.begin(Start::New, id, command, meta, alongside).await
    }

    async fn begin<F>(
        &self,
        start: Start,
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
        let task = tokio::spawn(async move { bus.run(start, &id, command, meta, alongside).await });
        task.await.map_err(|error| CommandError::Store(StoreError::Database(format!("the command's task failed: {error}"))))?
    }

    async fn run<F>(
        &self,
        start: Start,
        id: &str,
        command: A::Command,
        meta: CommandMeta,
        alongside: F,
    ) -> Result<CommandOutcome<A::Event>, CommandError<A::Error>>
    where
        F: Fn(&A, &[A::Event]) -> Alongside + Send + Sync + 'static,
    {
        let _turn = self.lane(id).lock().await;
        let mut guess = match start {
            Start::New => Some(Context { id: id.to_owned(), aggregate: A::default(), sequence: 0 }),
            Start::Known => self.hot.take(id),
        };
        let mut attempt = 0;
        while attempt < ATTEMPTS {
            let guessed = guess.is_some();
            let mut context = match guess.take() {
                Some(context) => context,
                None => self.store.load(id).await?,
            };
            let sink = EventSink::default();
            let decided = context.aggregate.handle(command.clone(), &(), &sink).await;
            let events = sink.collect().await;
            if guessed && (decided.is_err() || events.is_empty()) {
                // Another process may have changed it: only the log may refuse.
                continue;
            }
            if let Err(refusal) = decided {
                if events.is_empty() {
                    self.hot.put(context);
                }
                // A repeat of a command that was accepted before may well be refused by the state it led to.
                return self.earlier(id, &meta).await?.ok_or(CommandError::Refused(refusal));
            }
            if events.is_empty() {
                let nothing =
                    CommandOutcome { position: Position::default(), sequence: context.sequence, events, replayed: false };
                self.hot.put(context);
                return Ok(self.earlier(id, &meta).await?.unwrap_or(nothing));
            }
            let side_rows = alongside(&context.aggregate, &events);
            let append = PgEventStore::append_of(&context, &events, meta.clone(), side_rows)?;
            match self.log.append(append).await {
                Ok(Appended { position, sequence, replayed: true }) => {
                    return Ok(CommandOutcome { position, sequence, events: vec![], replayed: true });
                }
                Ok(Appended { position, sequence, replayed: false }) => {
                    self.hot.put(Context { sequence, ..context });
                    return Ok(CommandOutcome { position, sequence, events, replayed: false });
                }
                Err(AppendError::Conflict) => {
                    if let Some(outcome) = self.earlier(id, &meta).await? {
                        return Ok(outcome);
                    }
                    let (account, command_id) = (meta.account_id.as_uuid(), meta.command_id.as_uuid());
                    if is_used_elsewhere(self.log.pool(), account, command_id, A::TYPE, id).await? {
                        return Err(CommandError::CommandReused(meta.command_id));
                    }
                    // Losing against what was only remembered says nothing about contention.
                    if !guessed {
                        self.wait_a_little(&meta, attempt).await;
                        attempt += 1;
                    }
                }
                Err(AppendError::ClaimTaken { scope }) => {
                    return self.earlier(id, &meta).await?.ok_or(CommandError::ClaimTaken { scope });
                }
                Err(AppendError::Store(error)) => return Err(error.into()),
            }
        }
        Err(CommandError::Contention)
    }

    /// Spread over 2..64 ms by the command's own id, so that losers do not march in step.
    async fn wait_a_little(&self, meta: &CommandMeta, attempt: u32) {
        let jitter = u64::from(meta.command_id.as_uuid().as_bytes()[15] % 8);
        tokio::time::sleep(Duration::from_millis((2_u64 << attempt.min(5)) + jitter)).await;
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
