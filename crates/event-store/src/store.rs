//! cqrs-es's `EventStore` on our log.

use std::collections::HashMap;
use std::marker::PhantomData;

use cqrs_es::{Aggregate, AggregateContext, AggregateError, DomainEvent, EventEnvelope, EventStore};
use recado_kernel::{AccountId, CommandId, CommandMeta, Timestamp};
use uuid::Uuid;

use crate::{Alongside, Append, AppendError, EventLog, NewEvent, StoreError, StoredEvent, reader};

/// One aggregate type's view of the log.
#[derive(Debug)]
pub struct PgEventStore<A> {
    log: EventLog,
    aggregate: PhantomData<fn() -> A>,
}

impl<A> Clone for PgEventStore<A> {
    fn clone(&self) -> Self {
        Self { log: self.log.clone(), aggregate: PhantomData }
    }
}

/// A loaded aggregate and the sequence it stands at.
#[derive(Debug)]
pub struct Context<A> {
    pub(crate) id: String,
    pub(crate) aggregate: A,
    pub(crate) sequence: i64,
}

impl<A: Aggregate> AggregateContext<A> for Context<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.aggregate
    }
}

impl<A> PgEventStore<A>
where
    A: Aggregate,
    A::Event: StoredEvent,
{
    /// A store for `A` on `log`.
    #[must_use]
    pub const fn new(log: EventLog) -> Self {
        Self { log, aggregate: PhantomData }
    }

    pub(crate) async fn load(&self, id: &str) -> Result<Context<A>, StoreError> {
        let mut context = Context { id: id.to_owned(), aggregate: A::default(), sequence: 0 };
        for event in reader::read_stream(self.log.pool(), A::TYPE, id, 0).await? {
            context.sequence = event.sequence;
            context.aggregate.apply(event.decode()?);
        }
        Ok(context)
    }

    /// What storing `events` on top of `context` means.
    pub(crate) fn append_of(
        context: &Context<A>,
        events: &[A::Event],
        meta: CommandMeta,
        alongside: Alongside,
    ) -> Result<Append, StoreError> {
        let events = events
            .iter()
            .map(|event| {
                let payload = serde_json::to_string(event).map_err(|error| StoreError::Unreadable(error.to_string()))?;
                Ok(NewEvent { event_type: event.event_type(), event_version: event.event_version(), payload })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(Append {
            meta,
            aggregate_type: A::TYPE,
            aggregate_id: context.id.clone(),
            expected_sequence: context.sequence,
            events,
            alongside,
        })
    }
}

impl<A> EventStore<A> for PgEventStore<A>
where
    A: Aggregate + 'static,
    A::Event: StoredEvent,
{
    type AC = Context<A>;

    async fn load_events(&self, aggregate_id: &str) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let recorded = reader::read_stream(self.log.pool(), A::TYPE, aggregate_id, 0).await.map_err(unexpected)?;
        recorded
            .into_iter()
            .map(|event| {
                let metadata = HashMap::from([
                    ("command_id".to_owned(), event.command_id.to_string()),
                    ("actor".to_owned(), event.actor.to_string()),
                ]);
                let sequence = usize::try_from(event.sequence).unwrap_or_default();
                Ok(EventEnvelope {
                    aggregate_id: event.aggregate_id.clone(),
                    sequence,
                    payload: event.decode().map_err(unexpected)?,
                    metadata,
                })
            })
            .collect()
    }

    async fn load_aggregate(&self, aggregate_id: &str) -> Result<Context<A>, AggregateError<A::Error>> {
        self.load(aggregate_id).await.map_err(unexpected)
    }

    async fn commit(
        &self,
        events: Vec<A::Event>,
        context: Context<A>,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let meta =
            meta_of(&metadata).ok_or_else(|| unexpected(StoreError::Unreadable("command metadata is incomplete".into())))?;
        let append = Self::append_of(&context, &events, meta, Alongside::default()).map_err(unexpected)?;
        self.log.append(append).await.map_err(|error| match error {
            AppendError::Conflict => AggregateError::AggregateConflict,
            other => AggregateError::UnexpectedError(Box::new(other)),
        })?;
        let first = usize::try_from(context.sequence).unwrap_or_default() + 1;
        Ok(events
            .into_iter()
            .zip(first..)
            .map(|(payload, sequence)| EventEnvelope {
                aggregate_id: context.id.clone(),
                sequence,
                payload,
                metadata: metadata.clone(),
            })
            .collect())
    }
}

fn unexpected<E: std::error::Error>(error: StoreError) -> AggregateError<E> {
    match error {
        StoreError::Unavailable(_) | StoreError::Database(_) => AggregateError::DatabaseConnectionError(Box::new(error)),
        StoreError::Unreadable(_) | StoreError::Newer { .. } => AggregateError::DeserializationError(Box::new(error)),
    }
}

/// The typed metadata behind cqrs-es's string map. Keys: command_id, account_id, actor, door, occurred_at (required),
/// correlation_id and causation_id (optional).
fn meta_of(map: &HashMap<String, String>) -> Option<CommandMeta> {
    let uuid = |key: &str| map.get(key).and_then(|text| Uuid::parse_str(text).ok());
    let meta = CommandMeta::new(
        CommandId::from_uuid(uuid("command_id")?),
        AccountId::from_uuid(uuid("account_id")?),
        map.get("actor")?.parse().ok()?,
        map.get("door")?.parse().ok()?,
        map.get("occurred_at")?.parse::<Timestamp>().ok()?,
    );
    Some(CommandMeta {
        correlation_id: uuid("correlation_id").unwrap_or(meta.correlation_id),
        causation_id: uuid("causation_id"),
        ..meta
    })
}
