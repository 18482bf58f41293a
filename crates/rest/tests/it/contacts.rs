//! Contacts and look-ups (plugzapi-api.md 2.7).

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Answer;
use crate::world::World;

const OWN: &str = "5562933334444";
const ANA: &str = "5562988887777";
const BRUNO: &str = "5562977776666";

#[tokio::test]
async fn a_number_exists_or_not_as_an_object() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let there = client.get(&format!("/phone-exists/{ANA}")).await.ok();
    assert_eq!((&there["exists"], &there["phone"]), (&json!(true), &json!(ANA)));
    assert!(there["lid"].as_str().unwrap().ends_with("@lid"), "{there}");
    let absent = client.get(&format!("/phone-exists/{}", world.number_without_whatsapp())).await.ok();
    assert_eq!(absent, json!({ "exists": false, "phone": world.number_without_whatsapp(), "lid": null }));
    assert_eq!(client.get("/phone-exists/123").await.error(400), "Invalid phone");
    assert_eq!(client.get("/phone-exists/120363025486970112-group").await.error(400), "Invalid phone");
    // As people write it, and by the hidden id.
    assert_eq!(client.get("/phone-exists/+55%20(62)%2098888-7777").await.ok(), there);
    let by_lid = client.get(&format!("/phone-exists/{}", there["lid"].as_str().unwrap())).await.ok();
    assert_eq!((&by_lid["exists"], &by_lid["lid"]), (&json!(true), &there["lid"]));
    assert_eq!(client.get("/phone-exists/12345@lid").await.ok(), json!({ "exists": false, "phone": "12345@lid", "lid": null }));
}

#[tokio::test]
async fn the_ninth_digit_is_whatsapp_s_own() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    // Known to the simulated WhatsApp without it.
    world.say(&client, "556288881111", "oi").await;
    let rows = client.post("/phone-exists-batch", json!({ "phones": ["5562988881111", "556288881111"] })).await.ok();
    for (row, asked) in rows.as_array().unwrap().iter().zip(["5562988881111", "556288881111"]) {
        assert_eq!((&row["inputPhone"], &row["outputPhone"]), (&json!(asked), &json!("556288881111")), "{row}");
        assert_eq!(row["lid"], rows[0]["lid"]);
    }
    assert_eq!(client.get("/phone-exists/5562988881111").await.ok()["phone"], "556288881111");
}

#[tokio::test]
async fn a_batch_has_a_row_for_every_number() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let absent = world.number_without_whatsapp();
    let rows = client.post("/phone-exists-batch", json!({ "phones": [ANA, absent, "abc", 5_562_977_776_666_u64] })).await.ok();
    let short: Vec<_> = rows.as_array().unwrap().iter().map(|row| (row["exists"].clone(), row["inputPhone"].clone())).collect();
    assert_eq!(
        short,
        [(json!(true), json!(ANA)), (json!(false), json!(absent)), (json!(false), json!("abc")), (json!(true), json!(BRUNO))]
    );
    assert_eq!(rows[1], json!({ "exists": false, "inputPhone": absent, "outputPhone": absent, "lid": null }));
    assert_eq!(client.post("/phone-exists-batch", json!({})).await.error(400), "phones is required");
    assert_eq!(client.post("/phone-exists-batch", json!({ "phones": [] })).await.error(400), "phones is required");
}

#[tokio::test]
async fn fifty_thousand_numbers_are_one_request_and_more_are_none() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let mut phones: Vec<String> = (0..50_000).map(|n| format!("55629{:08}", 10_000_000 + n)).collect();
    let rows = client.post("/phone-exists-batch", json!({ "phones": phones })).await.ok();
    assert_eq!(rows.as_array().unwrap().len(), 50_000);
    assert_eq!(rows[49_999]["inputPhone"], json!(phones[49_999]));
    phones.push(ANA.to_owned());
    assert_eq!(client.post("/phone-exists-batch", json!({ "phones": phones })).await.error(400), "phones is invalid");
}

#[tokio::test]
async fn whoever_wrote_or_is_saved_is_a_contact() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    world.say(&client, BRUNO, "bom dia").await;
    let new = json!([{ "firstName": "Ana", "lastName": "Lima", "phone": ANA }, { "firstName": "Zé", "lastName": null, "phone": "5562966665555" }]);
    assert_eq!(client.post("/contacts/add", new).await.ok(), json!({ "success": true, "errors": [] }));
    let all = client.get("/contacts?page=1&pageSize=20").await.ok();
    let phones: Vec<_> = all.as_array().unwrap().iter().map(|contact| contact["phone"].as_str().unwrap()).collect();
    assert_eq!(phones, ["5562966665555", BRUNO, ANA]);
    for field in ["phone", "name", "short", "vname", "notify"] {
        assert!(all.as_array().unwrap().iter().all(|contact| contact[field].is_string()), "{field}: {all}");
    }
    assert_eq!((&all[2]["name"], &all[2]["short"]), (&json!("Ana Lima"), &json!("Ana")));
    assert_eq!(all[1]["name"], "", "not saved");
    assert!(all[1]["notify"].as_str().unwrap().ends_with("(simulado)"));
    // Pages, and no pages at all.
    assert_eq!(client.get("/contacts?page=2&pageSize=2").await.ok().as_array().unwrap().len(), 1);
    assert_eq!(client.get("/contacts").await.ok(), all);
    assert_eq!(client.get("/contacts?page=x").await.error(400), "page is invalid");

    let one = client.get(&format!("/contacts/{ANA}")).await.ok();
    assert_eq!((&one["name"], &one["about"], &one["imgUrl"]), (&json!("Ana Lima"), &json!("Disponível"), &json!("")));
    assert_eq!(client.get("/contacts/12").await.error(400), "Invalid phone");
    assert_eq!(client.get("/contacts/5562900000404").await.error(400), "Invalid phone");

    let removed = client.request(Method::DELETE, "/contacts/remove").json(&json!([ANA, "5562999990000"])).send().await.unwrap();
    assert_eq!(Answer::of(removed).await.ok(), json!({ "success": true, "errors": [] }));
    let left = client.get("/contacts").await.ok();
    let left: Vec<_> = left.as_array().unwrap().iter().map(|contact| contact["phone"].clone()).collect();
    assert_eq!(left, [json!("5562966665555"), json!(BRUNO)]);
}

#[tokio::test]
async fn malformed_contacts_are_refused_and_absent_ones_named() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let add = |body: Value| client.post("/contacts/add", body);
    assert_eq!(add(json!([])).await.error(400), "contacts is required");
    assert_eq!(add(json!([{ "phone": ANA }])).await.error(400), "firstName is required");
    assert_eq!(add(json!([{ "firstName": "Ana" }])).await.error(400), "phone is required");
    assert_eq!(add(json!([{ "firstName": "Ana", "phone": "1" }])).await.error(400), "Invalid phone");
    assert_eq!(add(json!(["x"])).await.error(400), "contacts is invalid");
    let absent = world.number_without_whatsapp();
    let done = add(json!([{ "firstName": "Ana", "phone": ANA }, { "firstName": "Nada", "phone": absent }])).await.ok();
    assert_eq!(done, json!({ "success": true, "errors": [{ "phone": absent, "error": "Phone not exists" }] }));
    let nothing = client.request(Method::DELETE, "/contacts/remove").send().await.unwrap();
    assert_eq!(Answer::of(nothing).await.error(400), "phones is required");
}

#[tokio::test]
async fn pictures_are_objects() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    assert_eq!(client.get(&format!("/profile-picture?phone={ANA}")).await.ok(), json!({ "link": null }));
    client.put("/profile-picture", json!({ "value": "https://example.com/a.png" })).await.ok();
    assert_eq!(client.get(&format!("/profile-picture?phone={OWN}")).await.ok(), json!({ "link": "https://example.com/a.png" }));
    assert_eq!(client.get("/profile-picture").await.error(400), "phone is required");
    assert_eq!(client.get("/profile-picture?phone=x").await.error(400), "Invalid phone");
}

#[tokio::test]
async fn somebody_is_blocked_and_not_any_more() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    for action in ["block", "block", "unblock"] {
        let done = client.post("/contacts/modify-blocked", json!({ "phone": ANA, "action": action })).await.ok();
        assert_eq!(done, json!({ "value": true }));
    }
    let wrong = client.post("/contacts/modify-blocked", json!({ "phone": ANA, "action": "hug" })).await;
    assert_eq!(wrong.error(400), "action is invalid");
    assert_eq!(client.post("/contacts/modify-blocked", json!({ "phone": ANA })).await.error(400), "action is required");
    assert_eq!(client.post("/contacts/modify-blocked", json!({ "action": "block" })).await.error(400), "phone is required");
}
