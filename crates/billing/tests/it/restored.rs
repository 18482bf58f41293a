//! A log that was dumped and restored into a younger cluster bills as if nothing had happened.

use recado_event_store::limits;
use recado_event_store::repair::{Repaired, repair};
use recado_kernel::Door;

use crate::story::{Installation, at, billing, finance, month};

/// Closes October and November, cancels in October afterwards, closes December; with `between` done before the cancellation, or after it.
async fn december(before_the_late_event: bool, after_it: bool) -> serde_json::Value {
    let mut i = Installation::start().await;
    let (account, instance) = i.paying().await;
    i.t.clock.set(at("2026-12-01T06:00:00Z"));
    i.billing.close_month(month("2026-10"), finance(), Door::Job).await.unwrap();
    i.billing.close_month(month("2026-11"), finance(), Door::Job).await.unwrap();
    if before_the_late_event {
        dumped_and_restored(&i).await;
    }
    i.cancelled(account, instance, "2026-10-25T12:00:00Z").await;
    if after_it {
        dumped_and_restored(&i).await;
    }
    i.t.clock.set(at("2027-01-01T06:00:00Z"));
    let closed = billing(i.t.another_process()).close_month(month("2026-12"), finance(), Door::Job).await.unwrap().remove(0);
    let mut statement = serde_json::to_value(&closed.statement).unwrap();
    assert_eq!(closed.statement.adjustments.to_string(), "-99.90", "November is given back, once");
    // What differs between two runs of the same story: ids, places, moments of storing.
    for line in statement["lines"].as_array_mut().unwrap() {
        let line = line.as_object_mut().unwrap();
        for volatile in ["id", "instance"] {
            line.remove(volatile);
        }
        for source in line["sources"].as_array_mut().unwrap() {
            source.as_object_mut().unwrap().remove("position");
        }
    }
    statement
}

/// Every transaction id of the log lies in this cluster's future; then the clock is repaired.
async fn dumped_and_restored(i: &Installation) {
    let pool = &i.t.database.pool;
    // As a dump of an older cluster, whose ids were larger from the beginning: inside events as well, which no repair may change.
    const LATER: i64 = 7_000_000_000;
    for statement in [
        "UPDATE events SET txid = txid + $1,
                           payload = CASE WHEN payload ? 'as_of' THEN jsonb_set(payload, '{as_of,txid}', to_jsonb((payload #>> '{as_of,txid}')::bigint + $1)) ELSE payload END",
        "UPDATE projection SET txid = txid + $1 WHERE txid > 0",
        "UPDATE view_billing_fact SET txid = txid + $1",
        "UPDATE view_billing_month SET closing = jsonb_set(closing, '{as_of,txid}', to_jsonb((closing #>> '{as_of,txid}')::bigint + $1))",
    ] {
        sqlx::query(statement).bind(LATER).execute(pool).await.unwrap();
    }
    assert!(i.t.platform.log.check_not_from_the_future().await.is_err());
    let mut db = limits::session(pool, limits::EVERYDAY).await.unwrap();
    assert!(matches!(repair(&mut db).await.unwrap(), Repaired::Forward(_)));
    i.t.platform.log.check_not_from_the_future().await.unwrap();
}

#[tokio::test]
async fn a_late_event_is_adjusted_the_same_with_and_without_a_restore() {
    let undisturbed = december(false, false).await;
    assert_eq!(december(true, false).await, undisturbed, "restored between the closing and the late event");
    assert_eq!(december(false, true).await, undisturbed, "restored between the late event and the next closing");
    assert_eq!(december(true, true).await, undisturbed, "restored twice");
}
