//! Rows written years ago are read by today's code, whoever reads; rows of tomorrow are refused with a sentence.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::PersistedEventStore;
use cqrs_es::{Aggregate, EventStore as _};
use postgres_es::PostgresEventRepository;
use recado_event_store::stored::event_upcasters;
use recado_event_store::{
    CommandBus, PgEventStore, Projection, ProjectionError, RecordedEvent, StoreError, StoredEvent as _, Upcaster, reader,
    stored_events,
};
use recado_testkit::TestPlatform;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;

use crate::counter::{account, meta};

/// Once `tally.incremented@1 {}`, then `tally.incremented@2 {by}`, now `tally.added@3 {by, unit}`; pauses are not recorded any more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum TallyEvent {
    #[serde(rename = "tally.added")]
    Added { by: i64, unit: String },
    #[serde(rename = "tally.retired")]
    Retired {},
}

stored_events! {
    TallyEvent {
        Added => "tally.added" 3, en "Something was added.", pt "Algo foi somado.";
        Retired => "tally.retired" 1, en "A fact nobody asks for any more.", pt "Um fato que ninguém consulta mais.";
    }
    upcasters &[
        Upcaster::next_version("tally.incremented", 1, by_one),
        Upcaster::renamed(("tally.incremented", 2), ("tally.added", 3), in_pieces),
        Upcaster::renamed(("tally.paused", 1), ("tally.retired", 1), |_| json!({"type": "tally.paused"})),
    ]
}

fn by_one(mut payload: Value) -> Value {
    payload["by"] = json!(1);
    payload
}

fn in_pieces(mut payload: Value) -> Value {
    payload["unit"] = json!("piece");
    payload
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Tally {
    total: i64,
    last_unit: String,
}

impl Aggregate for Tally {
    const TYPE: &'static str = "tally";
    type Command = i64;
    type Event = TallyEvent;
    type Error = std::fmt::Error;
    type Services = ();

    async fn handle(&mut self, by: i64, (): &(), sink: &EventSink<Self>) -> Result<(), std::fmt::Error> {
        sink.write(TallyEvent::Added { by, unit: "kg".to_owned() }, self).await;
        Ok(())
    }

    fn apply(&mut self, event: TallyEvent) {
        if let TallyEvent::Added { by, unit } = event {
            self.total += by;
            self.last_unit = unit;
        }
    }
}

/// A row as a program of that time stored it.
async fn stored(t: &TestPlatform, sequence: i64, event_type: &str, version: &str, payload: Value) {
    sqlx::query(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                command_id, correlation_id, occurred_at)
         VALUES ($1, 'tally', 't', $2, $3, $4, $5, 'system:test', 'job', $6, $6, now())",
    )
    .bind(account().as_uuid())
    .bind(sequence)
    .bind(event_type)
    .bind(version)
    .bind(payload)
    .bind(t.platform.new_uuid())
    .execute(&t.database.pool)
    .await
    .unwrap();
}

async fn ten_years_of_history(t: &TestPlatform) {
    stored(t, 1, "tally.incremented", "1", json!({"type": "tally.incremented"})).await;
    stored(t, 2, "tally.paused", "1", json!({"type": "tally.paused", "why": "lunch"})).await;
    stored(t, 3, "tally.incremented", "2", json!({"type": "tally.incremented", "by": 5})).await;
    stored(t, 4, "tally.added", "3", json!({"type": "tally.added", "by": 10, "unit": "box"})).await;
}

#[derive(Default, Clone)]
struct Listener(Arc<Mutex<Vec<TallyEvent>>>);

#[async_trait]
impl Projection for Listener {
    fn name(&self) -> &'static str {
        "listener@1"
    }
    fn event_types(&self) -> &'static [&'static str] {
        &[]
    }
    async fn project(&self, batch: &[RecordedEvent], _: &mut PgConnection) -> Result<(), ProjectionError> {
        for event in batch {
            let event = event.decode::<TallyEvent>()?;
            self.0.lock().unwrap().push(event);
        }
        Ok(())
    }
}

fn added(by: i64, unit: &str) -> TallyEvent {
    TallyEvent::Added { by, unit: unit.to_owned() }
}

#[tokio::test]
async fn every_reader_sees_todays_events_and_the_rows_stay_as_they_were() {
    let t = TestPlatform::start().await;
    ten_years_of_history(&t).await;
    let wanted = vec![added(1, "piece"), TallyEvent::Retired {}, added(5, "piece"), added(10, "box")];
    // Aggregates.
    let bus = CommandBus::<Tally>::new(t.platform.log.clone());
    bus.execute("t", 4, meta(&t.platform)).await.unwrap();
    let tally = bus.load("t").await.unwrap();
    assert_eq!((tally.aggregate.total, tally.aggregate.last_unit.as_str(), tally.sequence), (20, "kg", 5));
    let envelopes = PgEventStore::<Tally>::new(t.platform.log.clone()).load_events("t").await.unwrap();
    let payloads: Vec<TallyEvent> = envelopes.into_iter().map(|envelope| envelope.payload).take(4).collect();
    assert_eq!(payloads, wanted);
    // Projections.
    let listener = Listener::default();
    t.catch_up(&[Arc::new(listener.clone())]).await;
    assert_eq!(listener.0.lock().unwrap()[..4], wanted);
    // Tools made for cqrs-es.
    let repository = PostgresEventRepository::new(t.database.pool.clone());
    let theirs = PersistedEventStore::<_, Tally>::new_event_store(repository).with_upcasters(event_upcasters::<TallyEvent>());
    let payloads: Vec<TallyEvent> = theirs.load_events("t").await.unwrap().into_iter().map(|e| e.payload).take(4).collect();
    assert_eq!(payloads, wanted);
    // What the audit hashes.
    let raw = reader::read_stream(&t.database.pool, "tally", "t", 0).await.unwrap();
    assert_eq!(raw[0].payload, json!({"type": "tally.incremented"}));
    assert_eq!((raw[2].event_type.as_str(), raw[2].event_version.as_str()), ("tally.incremented", "2"));
}

#[tokio::test]
async fn an_event_of_a_newer_program_is_refused_with_a_sentence() {
    let t = TestPlatform::start().await;
    // It would decode: the new field is only not understood.
    stored(&t, 1, "tally.added", "4", json!({"type": "tally.added", "by": 1, "unit": "kg", "negative": true})).await;
    let bus = CommandBus::<Tally>::new(t.platform.log.clone());
    let refused = bus.load("t").await.unwrap_err();
    assert!(matches!(&refused, StoreError::Newer { known: Some(3), .. }), "{refused:?}");
    assert_eq!(
        refused.to_string(),
        "the event tally.added v4 was written by a newer Recado (this program knows up to v3): update this program"
    );
    assert!(bus.execute("t", 1, meta(&t.platform)).await.is_err(), "nothing is decided on a history that was not understood");
    assert_eq!(TallyEvent::definition("tally.added").unwrap().version, 3);
}

#[tokio::test]
async fn an_unknown_type_and_a_version_without_a_way_are_told_apart() {
    let t = TestPlatform::start().await;
    stored(&t, 1, "tally.doubled", "1", json!({"type": "tally.doubled"})).await;
    stored(&t, 2, "tally.added", "2", json!({"type": "tally.added", "by": 1, "unit": "kg"})).await;
    stored(&t, 3, "tally.added", "three", json!({"type": "tally.added", "by": 1, "unit": "kg"})).await;
    let rows = reader::read_stream(&t.database.pool, "tally", "t", 0).await.unwrap();
    assert!(matches!(rows[0].decode::<TallyEvent>(), Err(StoreError::Newer { known: None, .. })));
    for row in &rows[1..] {
        assert!(matches!(row.decode::<TallyEvent>(), Err(StoreError::Unreadable(_))), "{}", row.event_version);
    }
}

#[tokio::test]
async fn a_reader_of_some_fields_gets_the_same_upcasting() {
    #[derive(Deserialize)]
    struct By {
        by: i64,
    }
    let t = TestPlatform::start().await;
    ten_years_of_history(&t).await;
    let rows = reader::read_stream(&t.database.pool, "tally", "t", 0).await.unwrap();
    assert_eq!(rows[0].decode_as::<TallyEvent, By>().unwrap().by, 1);
}
