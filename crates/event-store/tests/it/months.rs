//! Message streams by month: everything finds a place, months are made ahead, nothing is lost or read badly on the way.

use std::time::Duration;

use recado_event_store::partitions::Month;
use recado_event_store::{CommandBus, limits, partitions, reader};
use recado_kernel::{MessageId, Timestamp};
use recado_testkit::TestPlatform;

use crate::counter::meta;
use crate::note::{Note, NoteCommand};
use crate::readers::readable_to_the_end;

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A message stream of two events whose id was made at `moment`.
async fn note(t: &TestPlatform, moment: &str) -> String {
    let bus = CommandBus::<Note>::new(t.platform.log.clone());
    let id = t.platform.with_rng(|rng| MessageId::new(at(moment), rng)).to_string();
    for _ in 0..2 {
        bus.execute(&id, NoteCommand::Write, meta(&t.platform)).await.unwrap();
    }
    id
}

async fn partition_of(t: &TestPlatform, id: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT DISTINCT tableoid::regclass::text FROM events WHERE aggregate_type = 'message' AND aggregate_id = $1",
    )
    .bind(id)
    .fetch_all(&t.database.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn every_message_lies_in_its_month_also_when_the_month_was_made_late() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    // Nobody made a month yet.
    let early = note(&t, "2026-10-04T00:00:00Z").await;
    let later = note(&t, "2026-11-30T23:59:59.999Z").await;
    assert_eq!(partition_of(&t, &early).await, ["events_message_ahead"]);
    let made = partitions::ensure(pool, at("2026-10-05T12:00:00Z")).await.unwrap();
    assert_eq!(made, ["2026-10", "2026-11", "2026-12", "2027-01"].map(month));
    assert_eq!(partitions::ensure(pool, at("2026-10-31T23:00:00Z")).await.unwrap(), [], "making them again makes nothing");
    assert_eq!(partitions::months(pool).await.unwrap(), made);
    assert_eq!(partitions::ahead(pool, at("2026-12-01T00:00:00Z")).await.unwrap().months, 2);
    assert_eq!(partition_of(&t, &early).await, ["events_message_2026_10"]);
    assert_eq!(partition_of(&t, &later).await, ["events_message_2026_11"]);
    for (moment, table) in [
        ("2025-12-31T23:59:59Z", "events_message_default"),
        ("2026-03-01T00:00:00Z", "events_message_earlier"),
        ("2026-12-01T00:00:00Z", "events_message_2026_12"),
        ("2027-02-01T00:00:00Z", "events_message_ahead"),
    ] {
        assert_eq!(partition_of(&t, &note(&t, moment).await).await, [table], "{moment}");
    }
    // A server that was off for months makes those it missed.
    let missed = partitions::ensure(pool, at("2027-04-01T00:00:00Z")).await.unwrap();
    assert_eq!(missed, ["2027-02", "2027-03", "2027-04", "2027-05", "2027-06", "2027-07"].map(month));
    let bus = CommandBus::<Note>::new(t.platform.log.clone());
    assert_eq!(bus.load(&early).await.unwrap().sequence, 2, "streams are read as before");
    while !readable_to_the_end(pool).await {
        tokio::task::yield_now().await;
    }
    assert_eq!(reader::read_after(pool, recado_event_store::Position::default(), 100).await.unwrap().len(), 12);
}

#[tokio::test]
async fn the_key_is_the_optimistic_lock_in_every_partition() {
    let t = TestPlatform::start().await;
    partitions::ensure(&t.database.pool, at("2026-10-05T12:00:00Z")).await.unwrap();
    for moment in ["2026-10-05T12:00:00Z", "2026-02-05T12:00:00Z", "2020-01-01T00:00:00Z", "2050-01-01T00:00:00Z"] {
        let id = t.platform.with_rng(|rng| MessageId::new(at(moment), rng)).to_string();
        let mut writers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (bus, id, meta) = (CommandBus::<Note>::new(t.another_process().log), id.clone(), meta(&t.platform));
            writers.spawn(async move { bus.execute(&id, NoteCommand::Write, meta).await.unwrap() });
        }
        writers.join_all().await;
        let sequences: Vec<i64> = sqlx::query_scalar("SELECT sequence FROM events WHERE aggregate_id = $1 ORDER BY sequence")
            .bind(&id)
            .fetch_all(&t.database.pool)
            .await
            .unwrap();
        assert_eq!(sequences, (1..=8).collect::<Vec<i64>>(), "{moment}");
    }
}

#[tokio::test]
async fn several_processes_make_months_while_messages_are_stored() {
    let t = TestPlatform::start().await;
    let pool = t.database.pool.clone();
    let now = at("2026-10-05T12:00:00Z");
    let makers: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn({
                let pool = pool.clone();
                async move { partitions::ensure(&pool, now).await }
            })
        })
        .collect();
    let mut stored = vec![];
    for _ in 0..20 {
        stored.push(note(&t, "2026-10-05T12:00:00Z").await);
    }
    let mut made = vec![];
    for maker in makers {
        made.extend(maker.await.unwrap().unwrap());
    }
    made.sort();
    assert_eq!(made, ["2026-10", "2026-11", "2026-12", "2027-01"].map(month), "each month is made once");
    for id in stored {
        assert_eq!(partition_of(&t, &id).await, ["events_message_2026_10"]);
    }
}

#[tokio::test]
async fn a_long_reading_transaction_delays_months_and_never_appends() {
    let t = TestPlatform::start().await;
    let mut reading = t.database.pool.begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM events").execute(&mut *reading).await.unwrap();
    let making = tokio::spawn({
        let pool = t.database.pool.clone();
        async move { partitions::ensure(&pool, at("2026-10-05T12:00:00Z")).await }
    });
    let mut slowest = Duration::ZERO;
    while !making.is_finished() {
        let begun = std::time::Instant::now();
        note(&t, "2026-10-05T12:00:00Z").await;
        slowest = slowest.max(begun.elapsed());
    }
    let refused = making.await.unwrap().unwrap_err();
    assert!(refused.is_unavailable(), "{refused}");
    assert!(slowest < Duration::from_secs(5), "an append waited {slowest:?}");
    reading.rollback().await.unwrap();
    assert_eq!(partitions::ensure(&t.database.pool, at("2026-10-05T12:00:00Z")).await.unwrap().len(), 4);
}

#[tokio::test]
async fn readers_merge_index_scans_and_streams_touch_one_partition() {
    let t = TestPlatform::start().await;
    partitions::ensure(&t.database.pool, at("2026-10-05T12:00:00Z")).await.unwrap();
    let id = note(&t, "2026-10-05T12:00:00Z").await;
    // An empty table is read whole whatever its indexes: the plan of a full one is asked for. One stream of 500 events per partition.
    let months = ["2020-01", "2026-02", "2026-10", "2026-11", "2026-12", "2027-01", "2030-01"]
        .map(|text| partitions::first_id(month(text)));
    sqlx::query(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door, command_id,
                             correlation_id, occurred_at)
         SELECT gen_random_uuid(), CASE stream WHEN 'other' THEN 'counter' ELSE 'message' END, stream, sequence, 'note.written', '1', '{}',
                'system:test', 'job', gen_random_uuid(), gen_random_uuid(), now()
           FROM generate_series(1, 2000) sequence, unnest($1::text[]) stream",
    )
    .bind(months.iter().map(String::as_str).chain(["other"]).collect::<Vec<_>>())
    .execute(&t.database.pool)
    .await
    .unwrap();
    sqlx::query("ANALYZE events").execute(&t.database.pool).await.unwrap();
    let mut db = limits::session(&t.database.pool, limits::EVERYDAY).await.unwrap();
    let plan: Vec<String> = sqlx::query_scalar(
        "EXPLAIN SELECT * FROM events e WHERE (e.txid, e.global_position) > (1, 1) AND e.txid < log_horizon()
          ORDER BY e.txid, e.global_position LIMIT 500",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("Merge Append"), "{plan}");
    assert!(!plan.contains("->  Sort") && !plan.contains("Seq Scan"), "{plan}");
    assert_eq!(plan.matches("Index Scan using").count(), 8, "{plan}");
    let plan: Vec<String> = sqlx::query_scalar(&format!(
        "EXPLAIN SELECT * FROM events e WHERE e.aggregate_type = 'message' AND e.aggregate_id = '{id}' AND e.sequence > 0 ORDER BY e.sequence"
    ))
    .fetch_all(&mut db)
    .await
    .unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("events_message_2026_10_pkey") && plan.matches("Index Scan").count() == 1, "{plan}");
}
