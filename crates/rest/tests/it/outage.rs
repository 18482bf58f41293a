//! The database away: 503 before anything is stored.

use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn every_route_says_503_while_the_database_is_away() {
    let world = World::start().await;
    let client = world.client().await;
    world.close_database().await;
    let text = json!({ "phone": "5562900000001", "message": "oi" });
    assert_eq!(client.post("/send-text", text).await.error(503), "SERVICE_UNAVAILABLE");
    for action in ["/status", "/me", "/queue", "/queue/count", "/qr-code"] {
        assert_eq!(client.get(action).await.error(503), "SERVICE_UNAVAILABLE", "{action}");
    }
    // What needs no database is still answered truly.
    assert_eq!(client.get("/no-such-thing").await.status, 404);
}
