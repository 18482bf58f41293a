//! Random bodies through the whole door: whatever comes, the answer is JSON, never a 5xx of ours, and the next client is served.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use reqwest::Method;

use crate::client::Answer;
use crate::errors::ROUTES;
use crate::world::World;

/// Requests in all; `RECADO_FUZZ_REQUESTS` asks for more.
fn how_many() -> usize {
    std::env::var("RECADO_FUZZ_REQUESTS").ok().and_then(|wished| wished.parse().ok()).unwrap_or(400)
}

/// Bodies from plausible to absurd, as text.
fn body() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        any::<String>(),
        Just("5562988887777".to_owned()),
        "[0-9]{5,20}(-group|@lid|-broadcast)?",
        "(https://|ftp://|data:image/png;base64,)?[a-z./:@\u{0}-\u{1f}]{0,20}",
    ];
    let text = text.prop_map(|text| serde_json::Value::from(text).to_string());
    let value = prop_oneof![
        4 => text,
        1 => any::<i64>().prop_map(|number| number.to_string()),
        1 => any::<f64>().prop_map(|number| if number.is_finite() { number.to_string() } else { "1e999".to_owned() }),
        1 => prop::sample::select(&["null", "true", "[]", "{}", "[[[[{}]]]]", "\"\"", "\"true\"", "tru", "1e", "\"\\ud800\""][..])
            .prop_map(str::to_owned),
    ];
    let name = prop::sample::select(
        &[
            "phone",
            "message",
            "delayMessage",
            "delayTyping",
            "messageId",
            "customId",
            "value",
            "notifySentByMe",
            "pageSize",
            "pagingState",
        ][..],
    );
    let object = prop::collection::vec((name, value), 0..6).prop_map(|fields| {
        let fields: Vec<String> = fields.into_iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", fields.join(","))
    });
    prop_oneof![8 => object, 1 => any::<String>(), 1 => "[\\[{\"\\]}]{0,40}"]
}

#[tokio::test]
async fn any_body_to_any_route_is_answered_in_json() {
    let world = World::start_with(recado_rest::RestSettings { burst: 0, ..recado_rest::RestSettings::default() }).await;
    let client = world.client().await;
    let mut runner = TestRunner::deterministic();
    for n in 0..how_many() {
        let (verb, action) = ROUTES[n % ROUTES.len()];
        let body = body().new_tree(&mut runner).unwrap().current();
        let request = client.request(verb.parse::<Method>().unwrap(), action).header("content-type", "application/json");
        let answer = Answer::of(request.body(body.clone()).send().await.unwrap()).await;
        assert!(answer.status < 500 || answer.status == 501, "{verb} {action} {body}: {answer:?}");
        assert!(answer.status == 204 || answer.body.is_object() || answer.body.is_array(), "{verb} {action} {body}: {answer:?}");
        assert!(answer.status < 400 || answer.body["error"].is_string(), "{verb} {action} {body}: {answer:?}");
    }
    assert_eq!(client.get("/queue/count").await.status, 200);
}
