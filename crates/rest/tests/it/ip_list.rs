//! The account's list of addresses REST calls may come from (plugzapi-api.md 1.2, 1.5).

use recado_rest::RestSettings;
use serde_json::json;

use crate::client::{Answer, Client};
use crate::world::World;

async fn change(world: &World, active: bool, text: &str) {
    world.accounts().change_ip_list(&world.owner().principal, active, text).await.unwrap();
}

async fn forwarded(client: &Client, by: &str) -> Answer {
    let request = client.request(reqwest::Method::GET, "/status").header("X-Forwarded-For", by);
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn other_addresses_are_refused_while_the_list_is_active() {
    let world = World::start().await;
    let client = world.client().await;
    change(&world, false, "203.0.113.7").await;
    client.get("/status").await.ok();
    change(&world, true, "203.0.113.7").await;
    for answer in
        [client.get("/status").await, client.post("/send-text", json!({ "phone": "5562988887777", "message": "x" })).await]
    {
        assert_eq!(answer.error(403), "127.0.0.1 not allowed");
    }
    // Everybody can write this header.
    assert_eq!(forwarded(&client, "203.0.113.7").await.error(403), "127.0.0.1 not allowed");
    // Whoever does not know the token learns nothing about the list.
    let stranger = Client { token: "0".repeat(24), ..client.clone() };
    assert_eq!(stranger.get("/status").await.error(404), "Instance not found");
    // The partner's routes are the account's, too.
    let partner = client.http.get(format!("{}/instances", client.base)).bearer_auth(world.partner_token().await);
    assert_eq!(Answer::of(partner.send().await.unwrap()).await.error(403), "127.0.0.1 not allowed");
    // Another account has its own list.
    world.client_of_another_account().await.get("/status").await.ok();
    change(&world, true, "203.0.113.7, 127.0.0.0/8").await;
    client.get("/status").await.ok();
    change(&world, false, "").await;
    client.get("/status").await.ok();
}

#[tokio::test]
async fn the_operator_s_proxies_tell_the_address() {
    let settings = RestSettings { trusted_proxies: vec!["127.0.0.1/32".parse().unwrap()], ..RestSettings::default() };
    let world = World::start_with(settings).await;
    let client = world.client().await;
    change(&world, true, "203.0.113.0/24").await;
    forwarded(&client, "203.0.113.7").await.ok();
    assert_eq!(forwarded(&client, "203.0.113.7, 198.51.100.1").await.error(403), "198.51.100.1 not allowed");
    assert_eq!(forwarded(&client, "nonsense").await.error(403), "unknown not allowed");
    assert_eq!(client.get("/status").await.error(403), "127.0.0.1 not allowed");
}
