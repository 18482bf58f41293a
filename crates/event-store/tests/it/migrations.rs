//! A database of the release before takes every new file, whatever its number, and loses nothing.

use std::borrow::Cow;
use std::path::Path;

use recado_event_store::{Position, migrations, partitions, reader};
use recado_testkit::TestDatabase;
use sqlx::PgPool;
use sqlx::migrate::Migrator;

/// The files of the first release. New ones were added between them, not only after them.
const FIRST_RELEASE: [i64; 24] =
    [1, 2, 3, 4, 5, 100, 101, 102, 103, 104, 105, 200, 201, 250, 251, 252, 300, 301, 302, 400, 401, 402, 403, 404];

async fn of_the_first_release() -> PgPool {
    let pool = PgPool::connect(&TestDatabase::create_empty().await).await.unwrap();
    let mut files = Migrator::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations")).await.unwrap();
    files.migrations = Cow::Owned(files.iter().filter(|file| FIRST_RELEASE.contains(&file.version)).cloned().collect());
    assert_eq!(files.iter().count(), FIRST_RELEASE.len());
    files.run(&pool).await.unwrap();
    pool
}

/// Everything a statement can depend on, but for the partitions, whose bounds depend on the day.
async fn schema(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, collation_name, column_default)
           FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'events\\_message\\_%'
         UNION ALL
         SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'events\\_message%'
         UNION ALL
         SELECT format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
          WHERE conrelid <> 0 AND conrelid::regclass::text NOT LIKE 'events\\_message\\_%'
         ORDER BY 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn an_upgraded_database_has_the_schema_of_a_new_one() {
    let upgraded = of_the_first_release().await;
    assert!(!migrations::is_current(&upgraded).await.unwrap());
    migrations::run(&upgraded).await.unwrap();
    assert!(migrations::is_current(&upgraded).await.unwrap());
    let new = TestDatabase::create().await;
    assert_eq!(schema(&upgraded).await, schema(&new.pool).await);
}

#[tokio::test]
async fn a_file_missing_in_the_middle_is_noticed() {
    let database = TestDatabase::create().await;
    assert!(migrations::missing(&database.pool).await.unwrap().is_empty());
    sqlx::query("DELETE FROM _sqlx_migrations WHERE version IN (31, 102)").execute(&database.pool).await.unwrap();
    assert_eq!(migrations::missing(&database.pool).await.unwrap(), [31, 102]);
    assert!(!migrations::is_current(&database.pool).await.unwrap());
}

#[tokio::test]
async fn two_processes_migrate_at_once() {
    let pool = of_the_first_release().await;
    let (one, two) = tokio::join!(migrations::run(&pool), migrations::run(&pool));
    one.unwrap();
    two.unwrap();
    assert!(migrations::is_current(&pool).await.unwrap());
}

#[tokio::test]
async fn the_messages_of_the_first_release_stay_valid_and_their_streams_go_on() {
    let pool = of_the_first_release().await;
    // Version 7 ids of this month, and ids without a time, all over the range of ids.
    sqlx::query(
        "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door, command_id,
                             correlation_id, occurred_at)
         SELECT gen_random_uuid(), kind, id, sequence, 'note.written', '1', '{}', 'system:test', 'job', gen_random_uuid(), gen_random_uuid(), now()
           FROM (SELECT 'message' AS kind, substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || substr(md5(n::text), 1, 3) || '-8000-' || substr(md5(n::text), 1, 12) AS id
                   FROM (SELECT n, lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - n), 12, '0') AS hex FROM generate_series(1, 200) n) made
                 UNION ALL
                 SELECT 'message', lpad(to_hex(n * 16), 4, '0') || '0000-0000-5000-8000-000000000000' FROM generate_series(0, 4095) n
                 UNION ALL
                 SELECT 'counter', 'c' || n FROM generate_series(1, 50) n) streams, generate_series(1, 2) sequence",
    )
    .execute(&pool)
    .await
    .unwrap();
    let checksum = "SELECT count(*), md5(string_agg(e::text, ';' ORDER BY e.txid, e.global_position)) FROM events e";
    let before: (i64, String) = sqlx::query_as(checksum).fetch_one(&pool).await.unwrap();
    assert_eq!(before.0, 2 * (200 + 4_096 + 50));

    migrations::run(&pool).await.unwrap();
    let now: chrono::DateTime<chrono::Utc> = sqlx::query_scalar("SELECT now()").fetch_one(&pool).await.unwrap();
    let made = partitions::ensure(&pool, now).await.unwrap();
    // This month's messages lie with the old ones; the next months are made.
    assert_eq!(made.len(), partitions::MONTHS_AHEAD);
    assert_eq!(made[0], partitions::month_at(now).next());
    let after: (i64, String) = sqlx::query_as(checksum).fetch_one(&pool).await.unwrap();
    assert_eq!(after, before);
    let mut read = 0;
    let mut from = Position::default();
    loop {
        let batch = reader::read_after(&pool, from, 2_000).await.unwrap();
        let Some(last) = batch.last() else { break };
        (read, from) = (read + batch.len(), last.position);
    }
    assert_eq!(i64::try_from(read).unwrap(), before.0, "readers find every event in its new place");
    // The old rows are proven to be none of the months': a month that is made later need not read them.
    let promise: String =
        sqlx::query_scalar("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'events_message_elsewhere'")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert!(promise.contains(&partitions::first_id(made[0])), "{promise}");
    // An old stream goes on where it lies, and its key is still the lock.
    let insert = "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                                      command_id, correlation_id, occurred_at)
                  SELECT account_id, aggregate_type, aggregate_id, $1, event_type, event_version, payload, actor, door, gen_random_uuid(),
                         correlation_id, occurred_at FROM events WHERE aggregate_type = 'message' AND sequence = 1 ORDER BY aggregate_id";
    assert!(sqlx::query(insert).bind(2_i64).execute(&pool).await.unwrap_err().as_database_error().unwrap().is_unique_violation());
    assert_eq!(sqlx::query(insert).bind(3_i64).execute(&pool).await.unwrap().rows_affected(), 4_296);
}

/// A customer's database may order texts as people do: ids are compared by bytes all the same.
#[tokio::test]
async fn months_are_ranges_of_bytes_in_a_database_of_another_collation() {
    let here = TestDatabase::create_empty().await;
    let admin = PgPool::connect(&here).await.unwrap();
    let (base, name) = here.rsplit_once('/').unwrap();
    let statement = format!(
        "CREATE DATABASE {name}_icu TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'pt-BR' LOCALE 'C'"
    );
    sqlx::query(&statement).execute(&admin).await.unwrap();
    let pool = PgPool::connect(&format!("{base}/{name}_icu")).await.unwrap();
    let by_people: bool = sqlx::query_scalar("SELECT 'a' < 'B'").fetch_one(&pool).await.unwrap();
    assert!(by_people, "the test is about a collation that is not the order of bytes");
    migrations::run(&pool).await.unwrap();
    let now = "2026-11-28T00:00:00Z".parse().unwrap();
    partitions::ensure(&pool, now).await.unwrap();
    // Upper case sorts before lower case by bytes, after it for people: such an id must not land in a month.
    for (id, table) in [
        (format!("{}-7000-8000-000000000000", partitions::first_id("2026-11".parse().unwrap())), "events_message_2026_11"),
        (format!("{}-7000-8000-000000000000", partitions::first_id("2026-12".parse().unwrap())), "events_message_2026_12"),
        ("019A5E5F-0000-7000-8000-000000000000".to_owned(), "events_message_default"),
    ] {
        let stored: String = sqlx::query_scalar(
            "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door,
                                 command_id, correlation_id, occurred_at)
             VALUES (gen_random_uuid(), 'message', $1, 1, 'note.written', '1', '{}', 'system:test', 'job', gen_random_uuid(),
                     gen_random_uuid(), now())
             RETURNING tableoid::regclass::text",
        )
        .bind(&id)
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(stored, table, "{id}");
        assert_eq!(reader::read_stream(&pool, "message", &id, 0).await.unwrap().len(), 1);
    }
}
