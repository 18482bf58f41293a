//! Pages that keep themselves up to date.

use std::time::Duration;

use http_body_util::BodyExt as _;
use recado_engine_sim::ScanTarget;

use crate::world::World;

/// Reads from the stream until a piece holds `text`.
async fn until(body: &mut axum::body::Body, text: &str) {
    let read = async {
        let mut all = String::new();
        while let Some(frame) = body.frame().await {
            all.push_str(std::str::from_utf8(frame.unwrap().data_ref().unwrap()).unwrap());
            if all.contains(text) {
                return;
            }
        }
        panic!("the stream ended without {text:?}: {all}");
    };
    tokio::time::timeout(Duration::from_secs(20), read).await.unwrap();
}

#[tokio::test]
async fn the_connection_card_follows_the_phone() {
    let world = World::start().await;
    let (account, mut browser) = world.customer("ana@exemplo.com").await;
    let id = world.instance(&account, "Loja").await;
    let page = format!("/instancias/{id}");
    let response = browser.raw(&format!("{page}/ao-vivo")).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    until(&mut body, "Desconectada").await;
    browser.open(&page).await;
    browser.post(&format!("{page}/conectar"), &[]).await.is(303);
    world.settle().await;
    until(&mut body, "class=\"qr\"").await;
    let target = ScanTarget::Instance { account: account.account_id, instance: id.parse().unwrap() };
    world.sim.scan(&target, &"5562900000001".parse().unwrap()).await.unwrap();
    world.settle().await;
    until(&mut body, "+55 62 90000-0001").await;
}
