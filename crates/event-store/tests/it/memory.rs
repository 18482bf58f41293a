//! Aggregates used a moment ago are not loaded again; what is only remembered never decides against the log.

use recado_event_store::{Alongside, CommandBus, CommandError};
use recado_testkit::TestPlatform;

use crate::counter::{Counter, CounterCommand, Full, meta};

/// Two processes with a memory each. The second takes back what made the first's counter full.
#[tokio::test]
async fn a_refusal_from_memory_is_looked_up_in_the_log() {
    let t = TestPlatform::start().await;
    let ours = CommandBus::<Counter>::new(t.platform.log.clone());
    let theirs = CommandBus::<Counter>::new(t.another_process().log);
    ours.execute("a", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    theirs.execute("a", CounterCommand::Add(-1), meta(&t.platform)).await.unwrap();
    let outcome = ours.execute("a", CounterCommand::AddUpTo { limit: 1 }, meta(&t.platform)).await.unwrap();
    assert_eq!(outcome.sequence, 3);
}

#[tokio::test]
async fn a_decision_from_memory_that_is_too_old_is_made_again() {
    let t = TestPlatform::start().await;
    let ours = CommandBus::<Counter>::new(t.platform.log.clone());
    let theirs = CommandBus::<Counter>::new(t.another_process().log);
    ours.execute("a", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    theirs.execute("a", CounterCommand::Add(4), meta(&t.platform)).await.unwrap();
    let refused = ours.execute("a", CounterCommand::AddUpTo { limit: 5 }, meta(&t.platform)).await;
    assert!(matches!(refused, Err(CommandError::Refused(Full))), "{refused:?}");
    assert_eq!(ours.execute("a", CounterCommand::Add(1), meta(&t.platform)).await.unwrap().sequence, 3);
}

/// Emptying the log behind its back shows who looks at it: what is remembered goes on at its next sequence, what was forgotten begins anew.
#[tokio::test]
async fn the_memory_is_bounded_and_forgets_the_least_recently_used() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::remembering(t.platform.log.clone(), 2);
    for id in ["a", "b", "a", "c"] {
        bus.execute(id, CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    }
    sqlx::query("DELETE FROM events").execute(&t.database.pool).await.unwrap();
    let mut sequences = Vec::new();
    for id in ["a", "c", "b"] {
        sequences.push(bus.execute(id, CounterCommand::Add(1), meta(&t.platform)).await.unwrap().sequence);
    }
    assert_eq!(sequences, [3, 2, 1]);
}

#[tokio::test]
async fn a_create_does_not_look_and_is_told_when_it_should_have() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let create = |limit: i64| {
        let (bus, meta) = (bus.clone(), meta(&t.platform));
        async move { bus.create_with("a", CounterCommand::AddUpTo { limit }, meta, |_, _| Alongside::default()).await }
    };
    assert_eq!(create(1).await.unwrap().sequence, 1);
    let refused = create(1).await;
    assert!(matches!(refused, Err(CommandError::Refused(Full))), "decided on what is there: {refused:?}");
    assert_eq!(create(2).await.unwrap().sequence, 2);
}

/// A command that is cut short must leave no half-changed aggregate in memory: a refusal after a first event takes both back.
#[tokio::test]
async fn what_a_refused_command_had_begun_is_forgotten() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    bus.execute("a", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    let refused = bus.execute("a", CounterCommand::AddThenRefuse(10), meta(&t.platform)).await;
    assert!(matches!(refused, Err(CommandError::Refused(Full))));
    // Were the ten still there, the limit would be reached.
    assert_eq!(bus.execute("a", CounterCommand::AddUpTo { limit: 5 }, meta(&t.platform)).await.unwrap().sequence, 2);
    assert_eq!(bus.load("a").await.unwrap().aggregate.value, 2);
}
