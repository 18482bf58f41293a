//! A row that somebody holds delays whoever needs it, and nobody else.

use std::time::Duration;

use recado_event_store::{Alongside, Claim, CommandBus};
use recado_testkit::TestPlatform;

use crate::counter::{Counter, CounterCommand, CounterEvent, meta};

#[tokio::test]
async fn whoever_waits_for_a_held_row_does_not_hold_up_the_group() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let mut holder = t.database.pool.begin().await.unwrap();
    sqlx::query("INSERT INTO claim (scope, key, owner) VALUES ('email', 'x', 'somebody')").execute(&mut *holder).await.unwrap();

    let claiming = |name: &'static str| {
        let (bus, meta) = (bus.clone(), meta(&t.platform));
        tokio::spawn(async move {
            let claim = Claim { scope: "email".into(), key: "x".into(), owner: name.into() };
            let alongside =
                move |_: &Counter, _: &[CounterEvent]| Alongside { claims: vec![claim.clone()], ..Alongside::default() };
            bus.execute_with(name, CounterCommand::Add(1), meta, alongside).await
        })
    };
    // One for each writer and more, so that every group has met the row before the others come.
    let waiting: Vec<_> = ["one", "two", "three"].map(claiming).into();
    let others: Vec<_> = (0..40)
        .map(|n| {
            let (bus, meta) = (bus.clone(), meta(&t.platform));
            tokio::spawn(async move { bus.execute(&format!("c{n}"), CounterCommand::Add(1), meta).await })
        })
        .collect();
    for other in others {
        // Less than the limit of those who need the row: they would all be refused with them.
        tokio::time::timeout(Duration::from_secs(10), other).await.unwrap().unwrap().unwrap();
    }
    assert!(waiting.iter().all(|one| !one.is_finished()), "they wait for the row");

    holder.rollback().await.unwrap();
    let mut stored = 0;
    for one in waiting {
        stored += usize::from(one.await.unwrap().is_ok());
    }
    assert_eq!(stored, 1, "the row is one's, the others are told that it is taken");
}
