//! Groups (plugzapi-api.md 2.9).

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::world::World;

const OWN: &str = "5562933334444";
const ANA: &str = "5562988887777";
const BRUNO: &str = "5562977776666";

async fn made(client: &Client) -> (String, String) {
    let body = json!({ "autoInvite": "true", "groupName": "Bairro", "phones": [ANA, 5_562_977_776_666_u64] });
    let group = client.post("/create-group", body).await.ok();
    (group["phone"].as_str().unwrap().to_owned(), group["invitationLink"].as_str().unwrap().to_owned())
}

async fn metadata(client: &Client, group: &str) -> Value {
    client.get(&format!("/group-metadata/{group}")).await.ok()
}

fn people(metadata: &Value) -> Vec<(&str, bool, bool)> {
    let list = metadata["participants"].as_array().unwrap().iter();
    list.map(|p| (p["phone"].as_str().unwrap(), p["isAdmin"] == true, p["isSuperAdmin"] == true)).collect()
}

async fn done(client: &Client, path: &str, body: Value) {
    assert_eq!(client.post(path, body).await.ok(), json!({ "value": true }), "{path}");
}

#[tokio::test]
async fn a_group_is_made_and_shown() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let (group, link) = made(&client).await;
    assert!(group.starts_with("120363") && group.ends_with("-group"), "{group}");
    assert!(link.starts_with("https://chat.whatsapp.com/"), "{link}");
    let shown = metadata(&client, &group).await;
    assert_eq!(people(&shown), [(OWN, true, true), (BRUNO, false, false), (ANA, false, false)]);
    for (field, value) in [
        ("phone", json!(group)),
        ("subject", json!("Bairro")),
        ("owner", json!(OWN)),
        ("description", json!("")),
        ("creation", json!(world.now_ms())),
        ("subjectTime", json!(world.now_ms())),
        ("subjectOwner", json!(OWN)),
        ("invitationLink", json!(link)),
        ("invitationLinkError", Value::Null),
        ("communityId", Value::Null),
        ("adminOnlyMessage", json!(false)),
        ("adminOnlySettings", json!(false)),
        ("requireAdminApproval", json!(false)),
        ("isGroupAnnouncement", json!(false)),
    ] {
        assert_eq!(shown.get(field), Some(&value), "{field}");
    }
    let post = client.request(Method::POST, &format!("/group-metadata/{group}")).send().await.unwrap();
    assert_eq!(Answer::of(post).await.ok(), shown, "PlugZapi's verb");
    let light = client.get(&format!("/light-group-metadata/{group}")).await.ok();
    assert!(light.get("invitationLink").is_none() && light.get("invitationLinkError").is_none());
    assert_eq!(light["participants"], shown["participants"]);
    let listed = client.get("/groups?page=1&pageSize=10").await.ok();
    let expected = (&json!(group), &json!("Bairro"), &json!(true), &Value::Null);
    assert_eq!((&listed[0]["phone"], &listed[0]["name"], &listed[0]["isGroup"], &listed[0]["communityId"]), expected);
    assert_eq!(client.get("/chats").await.ok()[0]["phone"], json!(group));
    let contacts = client.get("/contacts").await.ok();
    let contacts: Vec<_> = contacts.as_array().unwrap().iter().map(|contact| contact["phone"].as_str().unwrap()).collect();
    assert_eq!(contacts, [BRUNO, ANA], "members of shared groups");
}

#[tokio::test]
async fn a_group_needs_others_who_have_a_whatsapp() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let refused = |body: Value| async { client.post("/create-group", body).await.error(400).to_owned() };
    assert_eq!(refused(json!({ "phones": [ANA] })).await, "groupName is required");
    assert_eq!(refused(json!({ "groupName": "x" })).await, "phones is required");
    assert_eq!(refused(json!({ "groupName": "x", "phones": [] })).await, "phones is required");
    assert_eq!(refused(json!({ "groupName": "x", "phones": ["1"] })).await, "Invalid phone");
    assert_eq!(refused(json!({ "groupName": "x", "phones": [OWN] })).await, "GROUP_ERROR_PHONE");
    assert_eq!(refused(json!({ "groupName": "x", "phones": [ANA, "5562900000404"] })).await, "GROUP_ERROR_PHONE");
    assert_eq!(refused(json!({ "groupName": "x".repeat(101), "phones": [ANA] })).await, "groupName is invalid");
    assert_eq!(client.get("/groups").await.ok(), json!([]));
}

#[tokio::test]
async fn texts_picture_and_settings_change() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let (group, _) = made(&client).await;
    done(&client, "/update-group-name", json!({ "groupId": group, "groupName": "Rua 4" })).await;
    done(&client, "/update-group-description", json!({ "groupId": group, "groupDescription": "Moradores" })).await;
    done(&client, "/update-group-photo", json!({ "groupId": group, "groupPhoto": "https://example.com/g.png" })).await;
    let settings = json!({ "phone": group, "adminOnlyMessage": true, "adminOnlySettings": "true", "requireAdminApproval": null });
    done(&client, "/update-group-settings", settings).await;
    let shown = metadata(&client, &group).await;
    assert_eq!((&shown["subject"], &shown["description"]), (&json!("Rua 4"), &json!("Moradores")));
    assert_eq!((&shown["adminOnlyMessage"], &shown["isGroupAnnouncement"]), (&json!(true), &json!(true)));
    assert_eq!((&shown["adminOnlySettings"], &shown["requireAdminApproval"]), (&json!(true), &json!(false)));
    assert_eq!(client.get(&format!("/profile-picture?phone={group}")).await.ok()["link"], "https://example.com/g.png");
    let chat = client.get(&format!("/chats/{group}")).await.ok();
    assert_eq!((&chat["isGroupAnnouncement"], &chat["about"]), (&json!(true), &json!("Moradores")));
    done(&client, "/update-group-description", json!({ "groupId": group, "groupDescription": "" })).await;
    assert_eq!(metadata(&client, &group).await["description"], "");

    let refused = |path: &'static str, body: Value| async { client.post(path, body).await.error(400).to_owned() };
    assert_eq!(refused("/update-group-name", json!({ "groupId": group })).await, "groupName is required");
    assert_eq!(refused("/update-group-name", json!({ "groupName": "x" })).await, "groupId is required");
    assert_eq!(refused("/update-group-name", json!({ "groupId": ANA, "groupName": "x" })).await, "Invalid phone");
    assert_eq!(
        refused("/update-group-photo", json!({ "groupId": group, "groupPhoto": "ftp://x" })).await,
        "groupPhoto is invalid"
    );
    assert_eq!(refused("/update-group-settings", json!({ "phone": group })).await, "adminOnlyMessage is required");
    assert_eq!(
        refused("/update-group-settings", json!({ "phone": group, "adminOnlyMessage": 7 })).await,
        "adminOnlyMessage is invalid"
    );
    let unknown = "120363000000000001-group";
    assert_eq!(refused("/update-group-name", json!({ "groupId": unknown, "groupName": "x" })).await, "GROUP_FORBIDDEN");
}

#[tokio::test]
async fn people_come_go_and_become_admins() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let (group, _) = made(&client).await;
    let on = |phones: &[&str]| json!({ "groupId": group, "phones": phones });
    done(&client, "/add-participant", json!({ "groupId": group, "phones": ["5562966665555"], "autoInvite": false })).await;
    done(&client, "/add-admin", on(&[ANA])).await;
    assert!(people(&metadata(&client, &group).await).contains(&(ANA, true, false)));
    done(&client, "/remove-admin", on(&[ANA])).await;
    assert!(people(&metadata(&client, &group).await).contains(&(ANA, false, false)));
    done(&client, "/remove-participant", on(&[ANA, BRUNO])).await;
    let left = metadata(&client, &group).await;
    assert_eq!(people(&left), [(OWN, true, true), ("5562966665555", false, false)]);
    // Somebody who does not let themselves be added is invited at most.
    done(&client, "/add-participant", json!({ "groupId": group, "phones": ["5562900000403"], "autoInvite": true })).await;
    assert_eq!(metadata(&client, &group).await["participants"], left["participants"]);
    for (path, phones, error) in [
        ("/remove-participant", vec![ANA], "GROUP_ERROR_PHONE"),
        ("/remove-participant", vec![OWN], "GROUP_FORBIDDEN"),
        ("/add-admin", vec![BRUNO], "GROUP_ERROR_PHONE"),
        ("/approve-participant", vec![ANA], "GROUP_ERROR_PHONE"),
        ("/reject-participant", vec![ANA], "GROUP_ERROR_PHONE"),
        ("/add-participant", vec!["5562900000404"], "GROUP_ERROR_PHONE"),
        ("/add-participant", vec!["1"], "Invalid phone"),
        ("/add-participant", vec![], "phones is required"),
    ] {
        assert_eq!(client.post(path, on(&phones)).await.error(400), error, "{path}");
    }
    done(&client, "/leave-group", json!({ "groupId": group })).await;
    assert_eq!(client.get(&format!("/group-metadata/{group}")).await.error(400), "GROUP_FORBIDDEN");
    assert_eq!(client.post("/leave-group", json!({ "groupId": group })).await.error(400), "GROUP_FORBIDDEN");
    assert_eq!(client.get("/groups").await.ok(), json!([]));
}

#[tokio::test]
async fn invitations_are_shown_replaced_and_followed() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let other = world.connected("5562955556666").await;
    let (group, first) = made(&client).await;
    let link = client.get(&format!("/group-invitation-link/{group}")).await.ok();
    assert_eq!(link, json!({ "phone": group, "invitationLink": first }));
    let renewed = client.post(&format!("/redefine-invitation-link/{group}"), Value::Null).await.ok();
    let renewed = renewed["invitationLink"].as_str().unwrap().to_owned();
    assert_ne!(renewed, first);
    assert_eq!(
        other.get(&format!("/accept-invite-group?url={first}")).await.error(400),
        "GROUP_FORBIDDEN",
        "the old one is void"
    );
    let outside = other.get(&format!("/group-invitation-metadata?url={renewed}")).await.ok();
    assert_eq!((&outside["subject"], &outside["participantsCount"]), (&json!("Bairro"), &json!(3)));
    assert_eq!(other.get("/accept-invite-group").await.error(400), "url is required");
    assert_eq!(other.get(&format!("/accept-invite-group?url={renewed}")).await.ok(), json!({ "success": true }));
    let seen = metadata(&other, &group).await;
    assert_eq!((&seen["invitationLink"], &seen["invitationLinkError"]), (&Value::Null, &json!("not-authorized")));
    assert_eq!(other.get(&format!("/group-invitation-link/{group}")).await.error(400), "GROUP_FORBIDDEN");
    let member = json!({ "groupId": group, "phones": [ANA] });
    assert_eq!(other.post("/add-admin", member).await.error(400), "GROUP_FORBIDDEN", "no admin");
}

#[tokio::test]
async fn whoever_asks_is_let_in_or_not() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    let (group, link) = made(&client).await;
    done(&client, "/update-group-settings", json!({ "phone": group, "requireAdminApproval": true })).await;
    let account = world.owner().account_id;
    for person in ["5562966665555", "5562966664444"] {
        world.sim().follow_invite(account, &person.parse().unwrap(), &link).await.unwrap();
    }
    assert_eq!(people(&metadata(&client, &group).await).len(), 3, "they only ask");
    done(&client, "/approve-participant", json!({ "groupId": group, "phones": ["5562966665555"] })).await;
    done(&client, "/reject-participant", json!({ "groupId": group, "phones": ["5562966664444"] })).await;
    let inside = metadata(&client, &group).await;
    assert!(people(&inside).contains(&("5562966665555", false, false)) && people(&inside).len() == 4, "{inside}");
}

#[tokio::test]
async fn a_message_goes_into_a_group() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    client.put("/update-webhook-delivery", json!({ "value": world.receiver.url() })).await.ok();
    let (group, _) = made(&client).await;
    let sent = client.post("/send-text", json!({ "phone": group, "message": "olá a todos" })).await.ok();
    let delivery = world.wait_for("DeliveryCallback", 1).await.remove(0);
    assert_eq!((&delivery["messageId"], &delivery["phone"]), (&sent["messageId"], &json!(group)));
    assert!(delivery.get("error").is_none(), "{delivery}");
    client.post("/send-text", json!({ "phone": "120363000000000001-group", "message": "a ninguém" })).await.ok();
    let refused = world.wait_for("DeliveryCallback", 2).await.remove(1);
    assert!(refused["error"].is_string(), "a group the number is not in: {refused}");
}

#[tokio::test]
async fn changes_of_a_group_are_told_as_notices() {
    let world = World::start().await;
    let client = world.connected(OWN).await;
    client.put("/update-webhook-received", json!({ "value": world.receiver.url() })).await.ok();
    let (group, link) = made(&client).await;
    done(&client, "/remove-participant", json!({ "groupId": group, "phones": [BRUNO] })).await;
    let account = world.owner().account_id;
    world.sim().leave_group(account, &ANA.parse().unwrap(), &group.parse().unwrap()).await.unwrap();
    world.sim().follow_invite(account, &BRUNO.parse().unwrap(), &link).await.unwrap();
    let told = world.wait_for("ReceivedCallback", 4).await;
    let short: Vec<_> = told.iter().map(|body| (body["notification"].clone(), body["notificationParameters"].clone())).collect();
    assert_eq!(
        short,
        [
            (json!("GROUP_CREATE"), json!([ANA, BRUNO])),
            (json!("GROUP_PARTICIPANT_REMOVE"), json!([BRUNO])),
            (json!("GROUP_PARTICIPANT_LEAVE"), json!([ANA])),
            (json!("GROUP_PARTICIPANT_ADD"), json!([BRUNO])),
        ]
    );
    let first = &told[0];
    assert_eq!((&first["phone"], &first["isGroup"], &first["fromMe"]), (&json!(group), &json!(true), &json!(true)));
    assert_eq!((&first["chatName"], &first["participantPhone"]), (&json!("Bairro"), &json!(OWN)));
    assert!(first["momment"].is_i64() && first.get("text").is_none(), "{first}");
}
