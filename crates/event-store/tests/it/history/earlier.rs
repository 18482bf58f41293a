//! What a page of a time line reads stays small, however long the streams are.

use recado_event_store::history::{TimelineFilter, account_timeline, earlier, earlier_statement, timeline};
use recado_testkit::TestPlatform;
use sqlx::PgPool;

use crate::counter::account;

/// `streams` message streams of 5 events, and one stream of `long` events, all of one account; then as many message streams of another.
async fn fill(pool: &PgPool, streams: i64, long: i64) {
    let insert = "INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door, command_id, correlation_id, occurred_at)";
    let row = "'thing.happened', '1', '{\"n\": 1}', 'system:test', 'job', gen_random_uuid(), gen_random_uuid(), now()";
    let other = uuid::Uuid::from_u128(0xBEEF);
    for (who, kind, id, streams, events) in [
        (account().as_uuid(), "message", "m", streams, 5),
        (account().as_uuid(), "account", "long", 1, long),
        (other, "message", "other", streams, 5),
    ] {
        let statement = format!(
            "{insert} SELECT $1, $2, $3 || CASE WHEN $4 = 1 THEN '' ELSE s::text END, n, {row}
               FROM generate_series(1, $4::bigint) s, generate_series(1, $5::bigint) n"
        );
        sqlx::query(&statement).bind(who).bind(kind).bind(id).bind(streams).bind(events).execute(pool).await.unwrap();
    }
    sqlx::query("ANALYZE events").execute(pool).await.unwrap();
}

#[tokio::test]
async fn every_thing_on_a_page_has_its_first_event_and_at_most_a_few_more() {
    let t = TestPlatform::start().await;
    fill(t.platform.pool(), 3, 40).await;
    let page = timeline(t.platform.pool(), account(), &TimelineFilter::default(), 4).await.unwrap();
    assert_eq!(page.iter().map(|event| event.sequence).collect::<Vec<_>>(), [40, 39, 38, 37]);
    let known = earlier(t.platform.pool(), account(), &page, 10).await.unwrap();
    let of = &known[&("account".to_owned(), "long".to_owned())];
    assert_eq!(of.first.as_ref().map(|event| event.sequence), Some(1));
    assert_eq!(of.recent.iter().map(|event| event.sequence).collect::<Vec<_>>(), (27..=36).collect::<Vec<_>>());
    assert!(!of.is_whole());
    let only = TimelineFilter { aggregate: Some(("message".into(), "m2".into())), ..TimelineFilter::default() };
    let page = timeline(t.platform.pool(), account(), &only, 2).await.unwrap();
    let known = earlier(t.platform.pool(), account(), &page, 10).await.unwrap();
    let of = &known[&("message".to_owned(), "m2".to_owned())];
    assert!(of.is_whole() && of.recent.len() == 2, "{of:?}");
    let older = TimelineFilter { before: Some(page[1].position), ..only };
    let older = timeline(t.platform.pool(), account(), &older, 50).await.unwrap();
    assert_eq!(older.iter().map(|event| event.sequence).collect::<Vec<_>>(), [3, 2, 1]);
}

/// The plan of a statement; parameters as literals, as the planner sees them when it plans for these values.
async fn plan(pool: &PgPool, statement: String, values: &[&str]) -> String {
    let mut text = statement;
    for (n, value) in values.iter().enumerate().rev() {
        text = text.replace(&format!("${}", n + 1), value);
    }
    let lines: Vec<String> =
        sqlx::query_scalar(&format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {text}")).fetch_all(pool).await.unwrap();
    lines.join("\n")
}

#[tokio::test]
async fn a_page_and_what_came_before_it_are_read_through_indexes_alone() {
    let t = TestPlatform::start().await;
    let pool = t.platform.pool();
    fill(pool, 4_000, 4_000).await;
    let who = format!("'{}'::uuid", account());
    let end = i64::MAX.to_string();
    let page = plan(pool, account_timeline(), &[&who, &end, &end, "'{}'", "50"]).await;
    assert!(!page.contains("Seq Scan") && !page.contains("Sort  "), "{page}");
    assert!(page.contains("account_id_txid_global_position_idx"), "{page}");
    let rows: Vec<usize> = page.lines().filter_map(|line| line.split("rows=").nth(1)?.split(' ').next()?.parse().ok()).collect();
    assert!(rows.iter().all(|rows| *rows <= 51), "more than the page was read: {page}");

    let kinds = "ARRAY['message', 'message', 'account']";
    let before =
        plan(pool, earlier_statement(), &[kinds, "ARRAY['m7', 'm8', 'long']", "ARRAY[5, 3, 3900]::bigint[]", &who, "64"]).await;
    // An empty partition may be scanned, if it were ever asked.
    let scanned = |line: &str| line.contains("Seq Scan") && !line.contains("never executed") && !line.contains("rows=0");
    assert!(!before.lines().any(scanned), "{before}");
    assert!(before.contains("events_message_default_pkey") && before.contains("events_other_pkey"), "{before}");
}
