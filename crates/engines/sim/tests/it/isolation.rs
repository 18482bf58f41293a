use recado_kernel::AccountId;
use recado_messaging::ResendError;
use recado_testkit::Receiver;

use crate::world::*;

#[tokio::test]
async fn nothing_of_one_account_is_shown_to_another() {
    let receiver = Receiver::start().await;
    let world = World::connected(Some(&receiver)).await;
    world.send(OTHER, "só meu").await;
    world.settle().await;
    world.pass(chrono::Duration::seconds(1)).await;
    let stranger = AccountId::from_uuid(world.t.platform.new_uuid());
    assert!(world.sim.phones(Some(stranger)).await.unwrap().is_empty());
    assert!(world.sim.chats(Some(stranger), OTHER).await.unwrap().is_empty());
    assert!(world.sim.messages(Some(stranger), OTHER, OWN).await.unwrap().is_empty());
    assert!(world.messaging.webhook_deliveries(stranger, world.instance, None, 10).await.unwrap().is_empty());
    let delivery = world.messaging.webhook_deliveries(world.account, world.instance, None, 1).await.unwrap().remove(0);
    assert!(matches!(world.messaging.resend_webhook(stranger, delivery.id).await, Err(ResendError::NotFound)));
}

#[tokio::test]
async fn a_phone_linked_to_another_account_s_instance_is_nobody_else_s_to_use() {
    let world = World::connected(None).await;
    let stranger = AccountId::from_uuid(world.t.platform.new_uuid());
    // The stranger has written to the number: both are in a conversation of theirs.
    world.sim.answer(stranger, &phone(OTHER), &phone(OWN), "quem é?").await.unwrap();
    let seen: Vec<String> = world.sim.phones(Some(stranger)).await.unwrap().into_iter().map(|phone| phone.number).collect();
    assert_eq!(seen, [OTHER]);
}
