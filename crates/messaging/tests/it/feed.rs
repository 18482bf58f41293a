//! The event feed below HTTP: nothing is skipped, whoever writes; nothing is kept too long.

use recado_event_store::Projector;
use recado_kernel::{InstanceId, WireId};
use recado_messaging::{FeedQuery, Incoming, MessageContent, Messaging, MessagingSettings};

use crate::stage::Stage;

async fn incoming(stage: &Stage, messaging: &Messaging, id: InstanceId, wire_id: &str) {
    let incoming =
        Incoming::from_chat(WireId::parse(wire_id).unwrap(), "5562933334444".parse().unwrap(), MessageContent::text("bom dia"));
    messaging.record_incoming(&stage.fact(id), incoming).await.unwrap();
}

/// Two processes append and fold at once while somebody reads on: every entry is seen once, in the order of its cursor.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_never_passes_an_entry_that_is_stored_late() {
    const EACH: usize = 60;
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let other = Messaging::new(stage.kit.another_process(), MessagingSettings::default());
    let projector = |messaging: &Messaging| {
        let log = messaging.platform().log.clone();
        messaging.projections().into_iter().fold(Projector::new(log), Projector::with)
    };
    let write = |messaging: Messaging, prefix: &'static str| {
        let stage = &stage;
        async move {
            for k in 0..EACH {
                incoming(stage, &messaging, id, &format!("{prefix}{k:03}")).await;
            }
        }
    };
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let loops = [tokio::spawn(projector(&stage.messaging).run(stopped.clone())), tokio::spawn(projector(&other).run(stopped))];
    let read = async {
        let mut seen: Vec<(i64, String)> = vec![];
        let mut query = FeedQuery { after: 0, kinds: vec![], limit: 7 };
        while seen.len() < 2 * EACH {
            let page = stage.messaging.feed(stage.account, id, &query).await.unwrap();
            query.after = page.cursor;
            for entry in page.entries {
                let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
                seen.push((entry.cursor, body["messageId"].as_str().unwrap().to_owned()));
            }
            tokio::task::yield_now().await;
        }
        seen
    };
    let all = async { tokio::join!(read, write(stage.messaging.clone(), "3A"), write(other.clone(), "3B")).0 };
    let seen = tokio::time::timeout(std::time::Duration::from_secs(60), all).await.unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0));
    let distinct: std::collections::HashSet<_> = seen.iter().map(|(_, message)| message).collect();
    assert_eq!(distinct.len(), 2 * EACH);
    stop.send_replace(true);
    for task in loops {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn entries_are_kept_for_thirty_days() {
    let stage = Stage::start().await;
    let id = stage.instance().await;
    let messaging = stage.messaging.clone();
    incoming(&stage, &messaging, id, "3A01").await;
    stage.catch_up().await;
    let now = stage.kit.platform.now();
    assert_eq!(messaging.sweep_feed(now + chrono::Duration::days(29)).await.unwrap(), 0);
    let all = FeedQuery { limit: 10, ..FeedQuery::default() };
    assert_eq!(messaging.feed(stage.account, id, &all).await.unwrap().entries.len(), 1);
    assert_eq!(messaging.sweep_feed(now + chrono::Duration::days(31)).await.unwrap(), 1);
    assert!(messaging.feed(stage.account, id, &all).await.unwrap().entries.is_empty());
    // Another account's reader sees nothing, even with the id.
    incoming(&stage, &messaging, id, "3A02").await;
    stage.catch_up().await;
    let stranger = recado_kernel::AccountId::from_uuid(stage.kit.platform.new_uuid());
    assert!(messaging.feed(stranger, id, &all).await.unwrap().entries.is_empty());
}
