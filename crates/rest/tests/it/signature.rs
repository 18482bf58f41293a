//! What proves where a webhook comes from, checked by hand: as a reader of plugzapi-api.md 3.1 does, and as a Standard Webhooks library
//! does with the same secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use recado_testkit::Received;
use serde_json::json;
use sha2::Sha256;

use crate::world::World;

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// plugzapi-api.md 3.1.
fn plain(secret: &str, request: &Received) -> String {
    let hex: String = mac(secret.as_bytes(), &request.raw).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

/// standardwebhooks.com: the secret is base64, with or without `whsec_`.
fn standard(secret: &str, request: &Received) -> bool {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap();
    assert!((24..=64).contains(&key.len()));
    let header = |name: &str| request.headers[name].to_str().unwrap();
    let mut message = format!("{}.{}.", header("webhook-id"), header("webhook-timestamp")).into_bytes();
    message.extend(&request.raw);
    let expected = format!("v1,{}", STANDARD.encode(mac(&key, &message)));
    header("webhook-signature").split(' ').any(|signature| signature == expected)
}

#[tokio::test]
async fn one_secret_serves_both_kinds_of_readers_and_is_exchanged_without_a_gap() {
    let world = World::start().await;
    let client = world.client().await;
    client.put("/update-every-webhooks", json!({ "value": world.receiver.url() })).await.ok();
    world.scan(&client, "5562933334444").await;
    let first = &world.receiver.received()[0];
    let old = first.headers["x-token"].to_str().unwrap().to_owned();
    assert_eq!(first.headers["x-recado-signature"].to_str().unwrap(), plain(&old, first));
    assert!(standard(&old, first) && standard(&format!("whsec_{old}"), first));
    assert!(!standard(&"0".repeat(64), first));
    assert!(!first.headers.contains_key("x-recado-signature-previous") && !first.headers.contains_key("z-api-token"));
    let stamp: i64 = first.headers["webhook-timestamp"].to_str().unwrap().parse().unwrap();
    assert_eq!(stamp, world.now_ms() / 1000);

    let rotated = client.post("/webhooks/secret/rotate", json!({})).await.ok();
    let new = rotated["secret"].as_str().unwrap().to_owned();
    assert_eq!(rotated["previousValidUntil"].as_i64().unwrap() - world.now_ms(), 24 * 3600 * 1000);
    assert_ne!(new, old);
    client.get("/restart").await.ok();
    world.settle().await;
    let both = world.receiver.received().last().unwrap().clone();
    assert_eq!(both.headers["x-token"].to_str().unwrap(), new);
    assert_eq!(both.headers["x-recado-signature"].to_str().unwrap(), plain(&new, &both));
    assert_eq!(both.headers["x-recado-signature-previous"].to_str().unwrap(), plain(&old, &both));
    assert!(standard(&new, &both) && standard(&old, &both));

    world.advance_hours(25);
    client.get("/restart").await.ok();
    world.settle().await;
    let later = world.receiver.received().last().unwrap().clone();
    assert!(standard(&new, &later) && !standard(&old, &later), "a day later the old secret signs no more");

    client.post("/webhooks/secret/rotate", json!({})).await.ok();
    assert_eq!(client.post("/webhooks/secret/retire", json!({})).await.ok(), json!({ "value": true }));
    assert_eq!(client.post("/webhooks/secret/retire", json!({})).await.ok(), json!({ "value": false }));
    client.get("/restart").await.ok();
    world.settle().await;
    let last = world.receiver.received().last().unwrap().clone();
    assert!(!standard(&new, &last), "retired at once");
    assert!(!last.headers.contains_key("x-recado-signature-previous"));
    assert!(!world.dump_log().await.contains(&new), "no secret in clear in the log");
}
