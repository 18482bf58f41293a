//! Whatever is done to the database by hand is found and named.

use recado_event_store::audit::{Checked, Digest, Fields, Finding, Tampering, check, mark_archived};
use recado_event_store::reader;
use recado_testkit::TestPlatform;
use sqlx::Executor as _;

use super::{keys, positions, seal, write};
use crate::counter::account;

/// A log of three seals with four events of the account each; `sql` is then done to it, `$p3` standing for the place of event 3.
async fn after(sql: &str) -> (TestPlatform, Checked) {
    let t = TestPlatform::start().await;
    for _ in 0..3 {
        write(&t.platform, 4).await;
        seal(&t).await;
    }
    let mut statement = sql.to_owned();
    for (n, position) in positions(t.platform.pool()).await.into_iter().enumerate().rev() {
        statement = statement.replace(&format!("$p{}", n + 1), &position.to_string());
    }
    t.platform.pool().execute(sqlx::raw_sql(&statement)).await.unwrap();
    let checked = check(t.platform.pool(), &keys(&t)).await.unwrap();
    (t, checked)
}

async fn finding(sql: &str) -> Finding {
    let (_, checked) = after(sql).await;
    assert_eq!(checked.findings.len(), 1, "{sql}: {:?}", checked.findings);
    let finding = checked.findings.into_iter().next().unwrap();
    assert_eq!(finding.account, account().as_uuid());
    finding
}

#[tokio::test]
async fn a_changed_event_is_named() {
    for sql in [
        "UPDATE events SET payload = jsonb_set(payload, '{by}', '2') WHERE global_position = $p6",
        "UPDATE events SET actor = 'system:somebody' WHERE global_position = $p6",
        "UPDATE events SET occurred_at = occurred_at + interval '1 microsecond' WHERE global_position = $p6",
        "UPDATE events SET causation_id = gen_random_uuid() WHERE global_position = $p6",
        "UPDATE events SET event_version = '2' WHERE global_position = $p6",
    ] {
        let found = finding(sql).await;
        assert_eq!((found.tampering, found.ordinal), (Tampering::Changed, Some(6)), "{sql}");
        // c0 c1 c2 c0 | c0 c1: the counters begin anew with every round.
        assert!(found.to_string().contains("counter/c1#2 counter.added"), "{found}");
    }
}

#[tokio::test]
async fn a_removed_event_is_named_wherever_it_stood() {
    for n in [1, 4, 5, 7, 12] {
        let found = finding(&format!("DELETE FROM events WHERE global_position = $p{n}")).await;
        assert_eq!((found.tampering, found.ordinal), (Tampering::Removed, Some(n)));
    }
}

#[tokio::test]
async fn an_inserted_event_is_named_wherever_it_stands() {
    for (n, step) in [(1, -1), (5, 1), (12, 1)] {
        // Between the account's events stand those of the other account: their places are taken, positions need not be unique.
        let found = finding(&format!(
            "INSERT INTO events (global_position, txid, account_id, aggregate_type, aggregate_id, sequence, event_type, event_version,
                                 payload, actor, door, command_id, correlation_id, occurred_at)
             SELECT global_position + {step}, CASE WHEN {n} = 12 THEN (SELECT txid FROM projection WHERE name = 'audit_seal@1') ELSE txid END,
                    account_id, 'counter', 'forged', 1, event_type, event_version, payload, actor, door, command_id, correlation_id, occurred_at
               FROM events WHERE global_position = $p{n}"
        ))
        .await;
        assert_eq!(found.tampering, Tampering::Inserted, "{found}");
        assert!(found.to_string().contains("counter/forged#1"), "{found}");
    }
}

#[tokio::test]
async fn swapped_events_are_named() {
    let found = finding(
        "UPDATE events e SET global_position = o.global_position, txid = o.txid
           FROM (SELECT global_position, txid FROM events WHERE global_position IN ($p6, $p7)) o
          WHERE e.global_position IN ($p6, $p7) AND o.global_position <> e.global_position",
    )
    .await;
    assert_eq!((found.tampering, found.ordinal), (Tampering::Reordered, Some(6)));
}

#[tokio::test]
async fn an_edited_or_removed_seal_is_named() {
    for sql in [
        "UPDATE audit_seal SET leaves = set_byte(leaves, 0, get_byte(leaves, 0) # 1) WHERE first_ordinal = 5 AND account_id = '$account'",
        "UPDATE audit_seal SET head = set_byte(head, 0, get_byte(head, 0) # 1) WHERE first_ordinal = 5 AND account_id = '$account'",
        "UPDATE audit_seal SET recorded_to = recorded_to + interval '1 day' WHERE first_ordinal = 5 AND account_id = '$account'",
        "UPDATE audit_seal SET mac = set_byte(mac, 0, get_byte(mac, 0) # 1) WHERE first_ordinal = 5 AND account_id = '$account'",
    ] {
        let found = finding(&sql.replace("$account", &account().to_string())).await;
        assert_eq!((found.tampering, found.ordinal), (Tampering::SealChanged, Some(5)), "{sql}");
    }
    let gone = format!("DELETE FROM audit_seal WHERE first_ordinal = 5 AND account_id = '{}'", account());
    assert_eq!(finding(&gone).await.tampering, Tampering::SealRemoved);
    // Without the last seal its events look as if nobody had ever sealed them.
    let last = format!("DELETE FROM audit_seal WHERE first_ordinal >= 9 AND account_id = '{}'", account());
    assert_eq!(finding(&last).await.tampering, Tampering::Inserted);
}

#[tokio::test]
async fn an_event_and_its_seal_rewritten_consistently_but_without_the_key_are_found() {
    let (t, _) = after("UPDATE events SET actor = 'system:somebody' WHERE global_position = $p12").await;
    let pool = t.platform.pool();
    let events = reader::read_stream(pool, "counter", "c0", 0).await.unwrap();
    let forged = Fields::of(events.last().unwrap()).leaf();
    assert_eq!(events.last().unwrap().actor.to_string(), "system:somebody");
    let (first, mut leaves, previous): (i64, Vec<u8>, Vec<u8>) = sqlx::query_as(
        "SELECT first_ordinal, leaves, previous_head FROM audit_seal WHERE account_id = $1 ORDER BY first_ordinal DESC LIMIT 1",
    )
    .bind(account().as_uuid())
    .fetch_one(pool)
    .await
    .unwrap();
    let at = leaves.len() - 32;
    leaves[at..].copy_from_slice(forged.as_bytes());
    let all = leaves.chunks_exact(32).filter_map(Digest::from_bytes);
    let head = all.fold(Digest::from_bytes(&previous).unwrap(), Digest::then);
    sqlx::query("UPDATE audit_seal SET leaves = $3, head = $4 WHERE account_id = $1 AND first_ordinal = $2")
        .bind(account().as_uuid())
        .bind(first)
        .bind(&leaves)
        .bind(head.as_bytes().as_slice())
        .execute(pool)
        .await
        .unwrap();
    let found = check(pool, &keys(&t)).await.unwrap().findings.remove(0);
    assert_eq!((found.tampering, found.ordinal), (Tampering::SealChanged, Some(first)));
}

#[tokio::test]
async fn archived_events_may_be_gone_but_only_those_we_marked() {
    let (t, clean) = after("SELECT 1").await;
    assert_eq!(clean.findings, []);
    let pool = t.platform.pool();
    mark_archived(pool, &keys(&t), account(), &[2, 3, 7]).await.unwrap();
    mark_archived(pool, &keys(&t), account(), &[4]).await.unwrap();
    assert!(mark_archived(pool, &keys(&t), account(), &[13]).await.is_err(), "not sealed");
    let places = positions(pool).await;
    for n in [2, 3, 4, 7] {
        sqlx::query("DELETE FROM events WHERE global_position = $1").bind(places[n - 1]).execute(pool).await.unwrap();
    }
    let checked = check(pool, &keys(&t)).await.unwrap();
    assert_eq!((checked.events, checked.archived, checked.findings.len()), (24, 4, 0));
    sqlx::query("UPDATE audit_archived SET bits = '\\xff' WHERE first_ordinal = 5").execute(pool).await.unwrap();
    let forged = check(pool, &keys(&t)).await.unwrap();
    assert_eq!(forged.findings[0].tampering, Tampering::SealChanged);
    assert!(mark_archived(pool, &keys(&t), account(), &[8]).await.is_err(), "a forged mark is not continued");
}
