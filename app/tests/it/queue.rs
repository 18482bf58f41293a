//! The queue's page: what waits, when it goes out, pause and resume.

use recado_kernel::{Actor, Door};
use recado_messaging::AcceptMessage;

use crate::world::World;

#[tokio::test]
async fn the_queue_tells_its_place_and_time_and_can_be_paused() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let page = format!("/instancias/{}", world.instance(&account, "Loja").await);
    let queue = format!("{page}/fila");
    let instance = page.rsplit('/').next().unwrap().parse().unwrap();
    let access =
        world.messaging.instance_access(account.account_id, instance, Actor::System("test".into()), Door::Api).await.unwrap();
    // 1st: 5 s of typing; 15 s after it the 2nd; 2 s (the middle of 1 to 3) after it the 3rd, with 10 s of typing.
    for (delay_typing, delay_message) in [(5, Some(15)), (0, None), (10, Some(15))] {
        let text = AcceptMessage {
            delay_typing: Some(delay_typing),
            delay_message,
            ..AcceptMessage::text("5562988887777".parse().unwrap(), "oi")
        };
        world.messaging.accept(&access, text).await.unwrap();
    }
    let shown = browser.open(&queue).await;
    shown
        .is(200)
        .shows("3 mensagens esperando")
        .shows("A instância está desconectada")
        .shows("quando voltar a andar: menos de 1 min");
    shown.shows("1. +55 62 98888-7777").hides("sai por volta").shows("Pausar fila").hides("Retomar fila");

    world.pair(account.account_id, instance, "5562900000001").await;
    // The clock stands at 09:00:00 in São Paulo.
    let shown = browser.open(&queue).await;
    for time in ["09:00:05", "09:00:20", "09:00:32"] {
        shown.shows(&format!("sai por volta de 05/10/2026 {time}"));
    }
    shown.shows("Termina por volta de 05/10/2026 09:00").hides("desconectada: a fila");

    browser.post(&format!("{queue}/pausar"), &[]).await.goes_to(&queue);
    let shown = browser.open(&queue).await;
    shown.shows("Fila pausada").shows("A fila está pausada").shows("Retomar fila").hides("Pausar fila").hides("sai por volta");
    browser.post(&format!("{queue}/retomar"), &[]).await.goes_to(&queue);
    browser.open(&queue).await.shows("A fila voltou a andar").shows("Pausar fila").shows("sai por volta");
    // The account's time line tells who did it.
    let told = world.test.dump(&["events"]).await;
    assert!(told.contains("instance.queue_paused") && told.contains("instance.queue_resumed"));
}

#[tokio::test]
async fn an_empty_queue_can_be_paused_too() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let queue = format!("/instancias/{}/fila", world.instance(&account, "Loja").await);
    browser.open(&queue).await.is(200).shows("Fila vazia").shows("Pausar fila");
    for _ in 0..2 {
        browser.post(&format!("{queue}/pausar"), &[]).await.goes_to(&queue);
    }
    browser.open(&queue).await.shows("Fila vazia").shows("Retomar fila");
    let dump = world.test.dump(&["events"]).await;
    assert_eq!(dump.matches(",instance.queue_paused,").count(), 1, "the second time there was nothing to do");
}
