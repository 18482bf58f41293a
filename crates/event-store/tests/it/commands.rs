//! Commands: idempotent, never half done, never lost under contention.

use std::collections::HashMap;

use cqrs_es::{CqrsFramework, EventStore};
use postgres_es::PostgresEventRepository;
use recado_event_store::{Alongside, Claim, CommandBus, CommandError, PgEventStore};
use recado_testkit::TestPlatform;

use crate::counter::{Counter, CounterCommand, CounterEvent, Full, account, meta};

#[tokio::test]
async fn the_same_command_id_is_carried_out_once() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let meta = meta(&t.platform);
    let first = bus.execute("a", CounterCommand::Add(5), meta.clone()).await.unwrap();
    let again = bus.execute("a", CounterCommand::Add(5), meta.clone()).await.unwrap();
    assert!(!first.replayed && again.replayed);
    assert_eq!((first.position, first.sequence), (again.position, again.sequence));
    let other_process = CommandBus::<Counter>::new(t.another_process().log);
    let (one, two) = tokio::join!(
        other_process.execute("a", CounterCommand::Add(5), meta.clone()),
        bus.execute("a", CounterCommand::Add(5), meta)
    );
    assert!(one.unwrap().replayed && two.unwrap().replayed);
    assert_eq!(bus.load("a").await.unwrap().aggregate.value, 5);
}

#[tokio::test]
async fn a_repeat_is_answered_even_when_the_state_now_refuses_it() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let first_meta = meta(&t.platform);
    bus.execute("a", CounterCommand::AddUpTo { limit: 1 }, first_meta.clone()).await.unwrap();
    assert!(bus.execute("a", CounterCommand::AddUpTo { limit: 1 }, first_meta).await.unwrap().replayed);
    let refused = bus.execute("a", CounterCommand::AddUpTo { limit: 1 }, meta(&t.platform)).await;
    assert!(matches!(refused, Err(CommandError::Refused(Full))));
}

#[tokio::test]
async fn two_hundred_commands_at_once_on_one_aggregate_from_two_processes() {
    let t = TestPlatform::start().await;
    let buses = [CommandBus::<Counter>::new(t.platform.log.clone()), CommandBus::<Counter>::new(t.another_process().log)];
    let tasks: Vec<_> = (0..200)
        .map(|n| {
            let (bus, meta) = (buses[n % 2].clone(), meta(&t.platform));
            tokio::spawn(async move { bus.execute("hot", CounterCommand::Add(1), meta).await })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => accepted += 1,
            Err(CommandError::Contention) => {}
            Err(other) => unreachable!("{other}"),
        }
    }
    assert_eq!(buses[0].load("hot").await.unwrap().aggregate.value, accepted, "accepted means stored");
    assert!(accepted >= 100, "{accepted}");
}

#[tokio::test]
async fn a_claim_is_held_by_one_and_nothing_is_stored_for_the_other() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let claim = |owner: &str| Claim { scope: "email".into(), key: "digest".into(), owner: owner.into() };
    let take = |owner: &'static str| {
        let claim = claim(owner);
        let (bus, meta) = (bus.clone(), meta(&t.platform));
        async move {
            bus.execute_with(owner, CounterCommand::Add(1), meta, move |_, _| Alongside {
                claims: vec![claim.clone()],
                ..Alongside::default()
            })
            .await
        }
    };
    let (one, two) = tokio::join!(take("one"), take("two"));
    let refused =
        [&one, &two].into_iter().filter(|r| matches!(r, Err(CommandError::ClaimTaken { scope }) if scope == "email")).count();
    assert_eq!(refused, 1);
    let loser = if one.is_err() { "one" } else { "two" };
    assert!(!bus.load(loser).await.unwrap().exists());
    let winner = if loser == "one" { "two" } else { "one" };
    let release = claim(winner);
    bus.execute_with(winner, CounterCommand::Add(1), meta(&t.platform), move |_, _| Alongside {
        release: vec![release.clone()],
        ..Alongside::default()
    })
    .await
    .unwrap();
    take(if loser == "one" { "one" } else { "two" }).await.unwrap();
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_cut_the_command_in_half() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let meta = meta(&t.platform);
    {
        let call = bus.execute("a", CounterCommand::Add(7), meta.clone());
        // Polled once, so that the command is on its way, then dropped.
        drop(tokio::time::timeout(std::time::Duration::ZERO, call).await);
    }
    // The same command again: whichever run came first, there is one event.
    bus.execute("a", CounterCommand::Add(7), meta).await.unwrap();
    assert_eq!(bus.load("a").await.unwrap().aggregate.value, 7);
}

#[tokio::test]
async fn cqrs_es_runs_on_our_store_and_its_own_repository_reads_our_streams() {
    let t = TestPlatform::start().await;
    let store = PgEventStore::<Counter>::new(t.platform.log.clone());
    let framework = CqrsFramework::new(store.clone(), vec![], ());
    let meta = meta(&t.platform);
    let metadata = HashMap::from([
        ("command_id".to_owned(), meta.command_id.to_string()),
        ("account_id".to_owned(), account().to_string()),
        ("actor".to_owned(), meta.actor.to_string()),
        ("door".to_owned(), meta.door.as_str().to_owned()),
        ("occurred_at".to_owned(), meta.occurred_at.to_rfc3339()),
    ]);
    framework.execute_with_metadata("f", CounterCommand::Add(3), metadata).await.unwrap();
    assert!(framework.execute("f", CounterCommand::Add(1)).await.is_err(), "metadata is required");
    let ours = store.load_events("f").await.unwrap();
    assert_eq!(ours.len(), 1);
    let theirs = PostgresEventRepository::new(t.database.pool.clone());
    let read = cqrs_es::persist::PersistedEventRepository::get_events::<Counter>(&theirs, "f").await.unwrap();
    assert_eq!(serde_json::from_value::<CounterEvent>(read[0].payload.clone()).unwrap(), ours[0].payload);
}

/// The same id for two aggregates at once: one is carried out, the other is told, also when both wait for the same group commit.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_command_id_belongs_to_one_aggregate() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    for round in 0..20 {
        let meta = meta(&t.platform);
        let runs = (0..6).map(|n| {
            let (bus, meta) = (bus.clone(), meta.clone());
            tokio::spawn(async move { bus.execute(&format!("{round}/{n}"), CounterCommand::Add(1), meta).await })
        });
        let (mut done, mut reused) = (0, 0);
        for run in runs.collect::<Vec<_>>() {
            match run.await.unwrap() {
                Ok(_) => done += 1,
                Err(CommandError::CommandReused(_)) => reused += 1,
                Err(other) => unreachable!("{other}"),
            }
        }
        assert_eq!((done, reused), (1, 5));
    }
    let stored: i64 = sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&t.database.pool).await.unwrap();
    assert_eq!(stored, 20);
}
