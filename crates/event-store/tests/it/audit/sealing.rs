//! Sealing: every event once, whoever seals.

use std::sync::Arc;

use recado_event_store::audit::{AUDIT_SEAL, AuditSeal, Digest, Fields, Walk, check, seal_state, sealed_up_to};
use recado_event_store::{Projector, reader};
use recado_testkit::TestPlatform;

use super::{keys, other_account, seal, write};
use crate::counter::account;

#[tokio::test]
async fn the_head_is_the_hash_over_all_events_in_reading_order() {
    let t = TestPlatform::start().await;
    write(&t.platform, 4).await;
    seal(&t).await;
    write(&t.platform, 3).await;
    seal(&t).await;
    let events = reader::read_after(t.platform.pool(), Default::default(), 100).await.unwrap();
    for who in [account(), other_account()] {
        let leaves = events.iter().filter(|event| event.account_id == who).map(|event| Fields::of(event).leaf());
        let head = leaves.fold(Digest::genesis(who), Digest::then);
        let state = seal_state(t.platform.pool(), who).await.unwrap().unwrap();
        assert_eq!((state.last_ordinal, state.head), (7, head));
    }
    let checked = check(t.platform.pool(), &keys(&t)).await.unwrap();
    assert_eq!((checked.accounts, checked.events, checked.findings.len()), (2, 14, 0));
    assert_eq!(sealed_up_to(t.platform.pool()).await.unwrap(), events.last().unwrap().position);
}

#[tokio::test]
async fn two_processes_and_a_checkpoint_moved_back_seal_every_event_once() {
    let t = TestPlatform::start().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let loops: Vec<_> = [t.platform.log.clone(), t.another_process().log]
        .into_iter()
        .map(|log| tokio::spawn(Projector::new(log).with(Arc::new(AuditSeal::new(keys(&t)))).run(stopped.clone())))
        .collect();
    write(&t.platform, 40).await;
    seal(&t).await;
    stop.send_replace(true);
    for handle in loops {
        handle.await.unwrap();
    }
    let sealed = seal_state(t.platform.pool(), account()).await.unwrap().unwrap();
    assert_eq!(sealed.last_ordinal, 40);
    sqlx::query("UPDATE projection SET txid = 0, position = 0 WHERE name = $1")
        .bind(AUDIT_SEAL)
        .execute(t.platform.pool())
        .await
        .unwrap();
    seal(&t).await;
    assert_eq!(seal_state(t.platform.pool(), account()).await.unwrap().unwrap(), sealed);
    assert_eq!(check(t.platform.pool(), &keys(&t)).await.unwrap().findings, []);
}

#[tokio::test]
async fn a_walk_begins_and_ends_anywhere() {
    let t = TestPlatform::start().await;
    for _ in 0..3 {
        write(&t.platform, 4).await;
        seal(&t).await;
    }
    let mut whole = Walk::new(t.platform.pool(), &keys(&t), account(), 1, i64::MAX);
    let mut heads = vec![Digest::genesis(account())];
    while let Some(sealed) = whole.next().await.unwrap() {
        assert_eq!(sealed.ordinal, i64::try_from(heads.len()).unwrap());
        assert_eq!(Fields::of(sealed.event.as_ref().unwrap()).leaf(), sealed.leaf);
        heads.push(sealed.head);
    }
    assert_eq!(heads.len(), 13);
    for (first, last) in [(1, 1), (3, 10), (5, 8), (12, 12), (12, 99), (13, 99), (5, 4)] {
        let mut walk = Walk::new(t.platform.pool(), &keys(&t), account(), first, last);
        let mut seen = vec![];
        while let Some(sealed) = walk.next().await.unwrap() {
            assert_eq!(sealed.head, heads[usize::try_from(sealed.ordinal).unwrap()]);
            seen.push(sealed.ordinal);
        }
        assert_eq!(seen, (first..=last.min(12)).collect::<Vec<_>>());
    }
}
