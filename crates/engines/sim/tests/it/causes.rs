//! A message's whole story hangs together: from the request to the receipt, and the calls that told of it.

use recado_event_store::history::{Step, causes, event_at};
use recado_messaging::DeliveryState;
use recado_testkit::Receiver;

use crate::world::World;

fn tree(step: &Step) -> String {
    let own: Vec<&str> = step.events.iter().map(|event| event.event_type.trim_start_matches("message.")).collect();
    let below: Vec<String> = step.consequences.iter().map(tree).collect();
    if below.is_empty() { own.join("+") } else { format!("{}({})", own.join("+"), below.join(" ")) }
}

#[tokio::test]
async fn a_text_leads_to_sending_sent_received_read_and_the_webhooks() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    let sent = world.send("5562988887777", "oi").await;
    for _ in 0..3 {
        world.pass(chrono::Duration::seconds(10)).await;
    }
    world.sim.read(world.instance, &sent.message.to_string()).await.unwrap();
    world.settle().await;
    let pool = world.t.platform.pool();
    let id = sent.message.to_string();
    let first = event_at(pool, world.account, "message", &id, 1).await.unwrap().unwrap();
    let story = causes(pool, &first).await.unwrap();
    assert_eq!(tree(&story.own), "accepted(sending(sent received read))");
    assert!(story.above.is_empty() && story.beginning.is_none());
    let last = event_at(pool, world.account, "message", &id, 5).await.unwrap().unwrap();
    let back = causes(pool, &last).await.unwrap();
    assert_eq!(back.above.iter().map(tree).collect::<Vec<_>>(), ["accepted", "sending"]);
    let told =
        world.messaging.deliveries_of_events(world.account, &story.own.consequences[0].consequences[0].events).await.unwrap();
    let callbacks: Vec<_> = told.values().flatten().map(|delivery| (delivery.callback.as_str(), delivery.state)).collect();
    assert!(callbacks.contains(&("DeliveryCallback", DeliveryState::Delivered)), "{callbacks:?}");
}
