//! Earlier states are those the aggregate really had.

use recado_event_store::history::{AggregateKind, Aggregates, At, event_at, states};
use recado_event_store::{CommandBus, reader};
use recado_kernel::AccountId;
use recado_testkit::TestPlatform;
use serde_json::json;

use crate::counter::{Counter, CounterCommand, account, meta};

#[tokio::test]
async fn a_counter_is_what_it_was_at_every_sequence_place_and_moment() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let mut live = vec![];
    for n in 1..=20 {
        bus.execute("c", CounterCommand::Add(n), meta(&t.platform)).await.unwrap();
        bus.execute("other", CounterCommand::Add(100), meta(&t.platform)).await.unwrap();
        live.push(bus.load("c").await.unwrap().aggregate.value);
    }
    let kind = AggregateKind::of::<Counter>();
    let events = reader::read_stream(t.platform.pool(), "counter", "c", 0).await.unwrap();
    for (event, value) in events.iter().zip(live) {
        let points = [At::Sequence(event.sequence), At::Position(event.position), At::Moment(event.recorded_at)];
        let found = states(t.platform.pool(), account(), kind, "c", &points).await.unwrap();
        for state in found {
            let state = state.unwrap();
            assert_eq!((state.state, state.last.sequence), (json!({"value": value}), event.sequence));
        }
    }
    let before_all = [At::Moment(events[0].recorded_at - chrono::Duration::microseconds(1)), At::Sequence(0)];
    let found = states(t.platform.pool(), account(), kind, "c", &before_all).await.unwrap();
    assert!(found.iter().all(Option::is_none), "it did not exist yet");
    let both = states(t.platform.pool(), account(), kind, "c", &[At::Sequence(99), At::Sequence(1)]).await.unwrap();
    let values: Vec<_> = both.into_iter().map(|state| state.unwrap().state["value"].as_i64().unwrap()).collect();
    assert_eq!(values, [210, 1], "in the order asked for");
}

#[tokio::test]
async fn another_accounts_things_have_no_past_here() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    bus.execute("c", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    let stranger = AccountId::from_uuid(uuid::Uuid::from_u128(0xBAD));
    let (pool, kind) = (t.platform.pool(), AggregateKind::of::<Counter>());
    assert!(states(pool, stranger, kind, "c", &[At::Sequence(9)]).await.unwrap()[0].is_none());
    assert!(event_at(pool, stranger, "counter", "c", 1).await.unwrap().is_none());
    assert!(event_at(pool, account(), "counter", "c", 2).await.unwrap().is_none());
    assert_eq!(event_at(pool, account(), "counter", "c", 1).await.unwrap().unwrap().sequence, 1);
    let all: Aggregates = [kind].into_iter().collect();
    assert!(all.get("counter").is_some() && all.get("abacus").is_none());
}

#[tokio::test]
async fn streams_longer_than_one_part_are_folded_whole() {
    let t = TestPlatform::start().await;
    sqlx::query(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door, command_id, correlation_id, occurred_at)
         SELECT $1, 'counter', 'long', n, 'counter.added', '1', '{\"type\": \"counter.added\", \"by\": 1}', 'system:test', 'job', gen_random_uuid(), gen_random_uuid(), now()
           FROM generate_series(1, 2500) n",
    )
    .bind(account().as_uuid())
    .execute(t.platform.pool())
    .await
    .unwrap();
    let points = [At::Sequence(1000), At::Sequence(1001), At::Sequence(2500), At::Sequence(2000)];
    let found = states(t.platform.pool(), account(), AggregateKind::of::<Counter>(), "long", &points).await.unwrap();
    let values: Vec<_> = found.into_iter().map(|state| state.unwrap().state["value"].as_i64().unwrap()).collect();
    assert_eq!(values, [1000, 1001, 2500, 2000]);
}
