//! Everything an instance sends is seen on the phone as what it is, once.

use futures::TryStreamExt as _;
use recado_engine_sim::Sample;
use recado_kernel::{ChatAddress, WireId};
use recado_messaging::domain::message::{ForwardContent, PollVoteContent, ReactionContent, TextContent};
use recado_messaging::engine::{EngineError, Handoff, Outgoing, Refusal, SendFailure};
use recado_messaging::{MessageContent, MessageStatus};

use crate::contents::*;
use crate::told::Stage;
use crate::world::*;

async fn every_content(stage: &Stage) -> Vec<MessageContent> {
    let mut contents = without_files();
    for sample in [Sample::Photo, Sample::Voice, Sample::Video, Sample::Document, Sample::Sticker] {
        contents.push(stage.sim.sample(stage.world.account, sample).await.unwrap());
    }
    contents
}

#[tokio::test]
async fn every_kind_is_seen_once_and_in_order_however_often_it_is_repeated() {
    let stage = Stage::set().await;
    let contents = every_content(&stage).await;
    for content in &contents {
        let outgoing = stage.world.outgoing(OTHER, content.clone());
        for attempt in 1..=3 {
            let again = Outgoing { attempt, ..outgoing.clone() };
            assert_eq!(stage.world.engine().send(again).await.unwrap(), Handoff::Accepted);
        }
    }
    stage.world.pass(chrono::Duration::seconds(1)).await;
    let shown = stage.sim.messages(Some(stage.world.account), OTHER, OWN).await.unwrap();
    let kinds = |contents: &[MessageContent]| contents.iter().map(|content| content.kind().as_str()).collect::<Vec<_>>();
    assert_eq!(kinds(&shown.iter().map(|message| message.content.clone()).collect::<Vec<_>>()), kinds(&contents));
    assert_eq!(stage.sim.chats(None, OTHER).await.unwrap()[0].unread, i64::try_from(contents.len()).unwrap());
}

#[tokio::test]
async fn numbers_misbehave_with_every_kind() {
    let stage = Stage::set().await;
    for content in every_content(&stage).await {
        for (number, refusal) in [("5562900000404", Refusal::NotOnWhatsApp), ("5562900000463", Refusal::Restricted)] {
            let refused = stage.world.engine().send(stage.world.outgoing(number, content.clone())).await;
            assert_eq!(refused, Err(SendFailure::Refused(refusal)), "{content:?}");
        }
    }
    let eager = "5562911110001";
    for content in [MessageContent::from(buttons()), list().into(), poll(1).into(), MessageContent::text("oi")] {
        stage.hand_out(stage.world.outgoing(eager, content)).await;
        stage.world.pass(chrono::Duration::seconds(1)).await;
    }
    assert_eq!(stage.kinds_in_the_log().await, ["button_response", "list_response", "poll_vote", "text"]);
}

#[tokio::test]
async fn the_phone_keeps_a_file_that_the_core_has_erased() {
    let stage = Stage::set().await;
    let photo = stage.sim.sample(stage.world.account, Sample::Photo).await.unwrap();
    let MessageContent::Image(image) = photo else { unreachable!() };
    let sent = stage.world.accepted(image).await;
    stage.world.pass(chrono::Duration::seconds(1)).await;
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM content").fetch_one(&stage.world.t.database.pool).await.unwrap();
    assert_eq!(left, 0, "sent: the core has nothing any more");
    let (file, pieces) = stage.sim.file(stage.world.account, &phone(OTHER), &sent.wire_id, 0).await.unwrap();
    let bytes: Vec<Vec<u8>> = pieces.try_collect().await.unwrap();
    assert_eq!(bytes.concat(), include_bytes!("../../samples/photo.jpg"));
    assert_eq!(file.mime_type, "image/jpeg");
    let stranger = recado_kernel::AccountId::from_uuid(stage.world.t.platform.new_uuid());
    assert!(stage.sim.file(stranger, &phone(OTHER), &sent.wire_id, 0).await.is_err());
}

#[tokio::test]
async fn a_file_of_many_pieces_comes_back_whole() {
    let stage = Stage::set().await;
    let bytes: Vec<u8> = (0..1_000_003_u32).map(|n| (n % 251) as u8).collect();
    let new = recado_engine_sim::NewFile { bytes: bytes.clone(), file_name: Some("grande.bin".into()), ..Default::default() };
    let content = stage.sim.file_content(stage.world.account, new, None, "").await.unwrap();
    let wire_id = stage.send(content).await;
    let (file, pieces) = stage.sim.file(stage.world.account, &phone(OTHER), &wire_id, 0).await.unwrap();
    let back: Vec<Vec<u8>> = pieces.try_collect().await.unwrap();
    assert!(back.len() > 3 && back.concat() == bytes);
    assert_eq!(file.size, 1_000_003);
    let told = stage.last().content;
    let stored = told.media()[0].1.stored().unwrap().clone();
    assert_eq!((stored.size, stored.digest), (file.size, file.digest));
}

#[tokio::test]
async fn edits_reactions_votes_and_deletions_change_what_is_shown() {
    let stage = Stage::set().await;
    let text = stage.receive(MessageContent::text("as 9h")).await;
    let edit = TextContent { text: "às 9h".into(), edits: Some(text.clone()), ..TextContent::default() };
    stage.receive(edit).await;
    let reaction =
        |emoji: &str| ReactionContent { target: text.clone(), emoji: emoji.into(), target_from_me: false, target_author: None };
    stage.receive(reaction("👍")).await;
    let asked = stage.send(poll(1)).await;
    stage.receive(PollVoteContent { poll: asked.clone(), options: vec!["Fubá".into()] }).await;
    let shown = stage.sim.messages(None, OTHER, OWN).await.unwrap();
    assert_eq!(shown.len(), 2, "none of them has a bubble");
    assert_eq!((shown[0].text.as_str(), shown[0].earlier.len(), shown[0].reactions[0].emoji.as_str()), ("às 9h", 1, "👍"));
    assert_eq!(shown[1].votes_for("Fubá"), (1, false));

    let (engine, chat) = (stage.world.engine(), OTHER.parse::<ChatAddress>().unwrap());
    for _ in 0..2 {
        engine.revoke(stage.world.instance, &chat, &text, true).await.unwrap();
        stage.world.pass(chrono::Duration::seconds(1)).await;
    }
    let shown = stage.sim.messages(None, OTHER, OWN).await.unwrap();
    assert!(shown[0].revoked);
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM sim_message WHERE kind = 'revoke'")
        .fetch_one(&stage.world.t.database.pool)
        .await
        .unwrap();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn what_is_about_an_unknown_message_is_refused_unless_it_went_out_before() {
    let stage = Stage::set().await;
    let nowhere: WireId = "3EB0NONE".parse_wire();
    let reaction = |target: &WireId| ReactionContent {
        target: target.clone(),
        emoji: "👍".into(),
        target_from_me: false,
        target_author: None,
    };
    let theirs = stage.send(MessageContent::text("minha")).await;
    for content in [
        MessageContent::from(reaction(&nowhere)),
        TextContent { text: "x".into(), edits: Some(nowhere.clone()), ..TextContent::default() }.into(),
        // Somebody else's.
        TextContent { text: "x".into(), edits: Some(theirs.clone()), ..TextContent::default() }.into(),
        PollVoteContent { poll: theirs.clone(), options: vec![] }.into(),
        ForwardContent { target: nowhere.clone(), chat: OTHER.parse().unwrap() }.into(),
    ] {
        let refused = stage.world.engine().send(stage.world.outgoing(OTHER, content.clone())).await;
        assert_eq!(refused, Err(SendFailure::Refused(Refusal::UnknownTarget)), "{content:?}");
    }
    let outgoing = stage.world.outgoing(OTHER, reaction(&theirs).into());
    stage.hand_out(outgoing.clone()).await;
    stage.sim.delete(&stage.hand, &theirs).await.unwrap();
    assert_eq!(stage.world.engine().send(outgoing).await, Ok(Handoff::Accepted));
}

#[tokio::test]
async fn a_message_is_passed_on_by_its_id() {
    let stage = Stage::set().await;
    let photo = stage.sim.sample(stage.world.account, Sample::Photo).await.unwrap();
    let original = stage.send(photo).await;
    let friend = "5562911112222";
    let forward = ForwardContent { target: original, chat: OTHER.parse().unwrap() };
    stage.hand_out(stage.world.outgoing(friend, forward.into())).await;
    stage.world.pass(chrono::Duration::seconds(1)).await;
    let shown = stage.sim.messages(None, friend, OWN).await.unwrap();
    assert!(shown[0].forwarded && shown[0].has_files);
    assert_eq!(shown[0].text, "Nossa vitrine hoje");
}

#[tokio::test]
async fn reading_and_deleting_for_oneself_from_the_linked_phone() {
    let stage = Stage::set().await;
    let first = stage.send(MessageContent::text("um")).await;
    let second = stage.send(MessageContent::text("dois")).await;
    let (engine, chat) = (stage.world.engine(), OTHER.parse::<ChatAddress>().unwrap());
    engine.mark_read(stage.world.instance, &chat, &[first.clone(), "3EB0NONE".parse_wire()]).await.unwrap();
    let shown = stage.sim.messages(None, OTHER, OWN).await.unwrap();
    assert_eq!(shown.iter().map(|message| message.read_at.is_some()).collect::<Vec<_>>(), [true, false]);
    engine.revoke(stage.world.instance, &chat, &second, false).await.unwrap();
    assert_eq!(stage.sim.messages(None, OWN, OTHER).await.unwrap().len(), 1);
    assert_eq!(stage.sim.messages(None, OTHER, OWN).await.unwrap().len(), 2, "the writer keeps it");
    let unknown = engine.revoke(stage.world.instance, &chat, &"3EB0NONE".parse_wire(), true).await;
    assert_eq!(unknown, Err(EngineError::UnknownMessage));
}

#[tokio::test]
async fn reading_on_one_instance_s_phone_is_told_to_the_other_instance() {
    let stage = Stage::set().await;
    let world = &stage.world;
    // The other number is an instance, too.
    let other = world.messaging.create_instance(world.meta(), "Filial".parse().unwrap()).await.unwrap().id;
    world.settle().await;
    let target = recado_engine_sim::ScanTarget::Instance { account: world.account, instance: other };
    world.sim.scan(&target, &phone(OTHER)).await.unwrap();
    world.settle().await;
    let sent = world.send(OTHER, "de loja a loja").await;
    world.pass(chrono::Duration::seconds(1)).await;
    let own: ChatAddress = OWN.parse().unwrap();
    world.engine().mark_read(other, &own, std::slice::from_ref(&sent.wire_id)).await.unwrap();
    world.settle().await;
    let view = world.messaging.message(world.account, sent.message).await.unwrap().unwrap();
    assert_eq!(view.status, MessageStatus::Read);
}

#[tokio::test]
async fn no_content_of_any_kind_is_anywhere_in_clear() {
    let stage = Stage::set().await;
    let mark = "segredo-da-padaria-8842";
    let mut asked = buttons();
    asked.buttons[0].id = mark.into();
    let wire_id = stage.receive(asked).await;
    stage.sim.press(&stage.hand, &wire_id, mark).await.unwrap();
    let bytes = mark.repeat(50).into_bytes();
    let new = recado_engine_sim::NewFile { bytes, file_name: Some(format!("{mark}.txt")), ..Default::default() };
    let sheet = stage.sim.file_content(stage.world.account, new, None, mark).await.unwrap();
    stage.send(sheet).await;
    stage.world.settle().await;
    let tables: Vec<String> = sqlx::query_scalar("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&stage.world.t.database.pool)
        .await
        .unwrap();
    let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
    assert!(!stage.world.t.dump(&tables).await.contains(mark));
}
