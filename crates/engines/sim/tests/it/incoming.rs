//! Everything a person does on a phone is told to the core as what it is, once.

use recado_engine_sim::{Draft, Hand, Sample, SimError};
use recado_messaging::domain::message::AudioContent;
use recado_messaging::engine::{Happening, Receipt};
use recado_messaging::{Media, MessageContent, MessageKind, MessageStatus};

use crate::contents::*;
use crate::told::Stage;
use crate::world::*;

#[tokio::test]
async fn every_kind_a_phone_sends_is_told_once() {
    let stage = Stage::set().await;
    let mut kinds = vec![];
    for sample in Sample::ALL {
        let content = stage.sim.sample(stage.world.account, sample).await.unwrap();
        stage.send(content).await;
        kinds.push(sample.as_str());
    }
    // The line drops and comes back: nothing is told again.
    stage.sim.set_online(stage.world.instance, false).await.unwrap();
    stage.sim.set_online(stage.world.instance, true).await.unwrap();
    stage.world.settle().await;
    assert_eq!(stage.kinds_in_the_log().await, kinds);
    let told = stage.told().into_iter().filter(|what| matches!(what, Happening::Incoming(_))).count();
    assert_eq!(told, kinds.len());
}

#[tokio::test]
async fn a_file_lies_in_the_content_store_before_the_core_hears_of_it() {
    let stage = Stage::set().await;
    let photo = stage.sim.sample(stage.world.account, Sample::Photo).await.unwrap();
    stage.send(photo).await;
    let MessageContent::Image(image) = stage.last().content else { unreachable!() };
    let Media::Stored(file) = image.media else { unreachable!() };
    let there = stage.world.messaging.media().open(stage.world.account, file.id).await.unwrap().unwrap();
    let pieces: Vec<_> = futures::TryStreamExt::try_collect(there.bytes).await.unwrap();
    assert_eq!(pieces.concat(), include_bytes!("../../samples/photo.jpg"));
    assert_eq!((there.file.mime_type.as_str(), there.file.width, there.file.height), ("image/jpeg", Some(800), Some(600)));
}

#[tokio::test]
async fn an_answer_names_what_it_answers() {
    let stage = Stage::set().await;
    let asked = stage.receive(MessageContent::text("Vem buscar?")).await;
    let draft = Draft::from(MessageContent::text("Às 10h")).answering(Some(asked.clone()));
    stage.sim.send(&stage.hand, draft).await.unwrap();
    assert_eq!(stage.last().reply_to, Some(asked.clone()));
    let shown = stage.sim.messages(Some(stage.world.account), OTHER, OWN).await.unwrap();
    let quote = shown[1].quote.clone().unwrap();
    assert_eq!((quote.content.unwrap().as_text(), quote.own), ("Vem buscar?", false));
    let lost = Draft::from(MessageContent::text("?")).answering(Some("3EB0NONE".parse_wire()));
    assert!(matches!(stage.sim.send(&stage.hand, lost).await, Err(SimError::UnknownMessage)));
}

#[tokio::test]
async fn a_pressed_button_and_a_chosen_row_answer_their_message() {
    let stage = Stage::set().await;
    let asked = stage.receive(buttons()).await;
    stage.sim.press(&stage.hand, &asked, "sim").await.unwrap();
    let heard = stage.last();
    assert_eq!(heard.reply_to, Some(asked.clone()));
    let MessageContent::ButtonResponse(answer) = heard.content else { unreachable!() };
    assert_eq!((answer.button_id.as_str(), answer.text.as_str()), ("sim", "Sim, confirmo"));
    assert!(matches!(stage.sim.press(&stage.hand, &asked, "talvez").await, Err(SimError::UnknownChoice)));

    let offered = stage.receive(list()).await;
    stage.sim.choose(&stage.hand, &offered, "seg").await.unwrap();
    let heard = stage.last();
    assert_eq!(heard.reply_to, Some(offered));
    let MessageContent::ListResponse(answer) = heard.content else { unreachable!() };
    assert_eq!((answer.row_id.as_str(), answer.title.as_str(), answer.text.as_str()), ("seg", "Segunda-feira", "Das 8h às 12h"));
    let shown = stage.sim.messages(None, OTHER, OWN).await.unwrap();
    assert_eq!(shown.iter().find(|message| message.wire_id == asked.as_str()).unwrap().chosen, ["sim"]);
}

#[tokio::test]
async fn a_vote_is_the_full_choice_and_can_be_withdrawn() {
    let stage = Stage::set().await;
    let poll = stage.receive(crate::contents::poll(0)).await;
    let heard = || match stage.last().content {
        MessageContent::PollVote(vote) => (vote.poll, vote.options),
        other => unreachable!("{other:?}"),
    };
    let touch = async |option: &str| stage.sim.touch_option(&stage.hand, &poll, option).await.map(drop);
    touch("Fubá").await.unwrap();
    touch("Milho").await.unwrap();
    assert_eq!(heard(), (poll.clone(), vec!["Milho".to_owned(), "Fubá".to_owned()]));
    let shown = stage.sim.messages(None, OTHER, OWN).await.unwrap().pop().unwrap();
    assert_eq!((shown.votes_for("Fubá"), shown.votes_for("Laranja")), ((1, true), (0, false)));
    touch("Fubá").await.unwrap();
    touch("Milho").await.unwrap();
    assert_eq!(heard().1, Vec::<String>::new());
    assert!(matches!(touch("Coco").await, Err(SimError::UnknownChoice)));

    let single = stage.receive(crate::contents::poll(1)).await;
    stage.sim.touch_option(&stage.hand, &single, "Milho").await.unwrap();
    stage.sim.touch_option(&stage.hand, &single, "Fubá").await.unwrap();
    assert_eq!(heard(), (single.clone(), vec!["Fubá".to_owned()]));
    let both = ["Milho".to_owned(), "Fubá".to_owned()];
    assert!(matches!(stage.sim.vote(&stage.hand, &single, &both).await, Err(SimError::TooManyOptions)));
}

#[tokio::test]
async fn a_reaction_knows_whose_message_it_is_under() {
    let stage = Stage::set().await;
    let theirs = stage.receive(MessageContent::text("Chegou?")).await;
    let own = stage.send(MessageContent::text("Chegou!")).await;
    for (target, emoji, from_core) in [(&theirs, "👍", true), (&own, "😂", false), (&theirs, "❤️", true), (&theirs, "", true)]
    {
        stage.sim.react(&stage.hand, target, emoji).await.unwrap();
        let MessageContent::Reaction(reaction) = stage.last().content else { unreachable!() };
        assert_eq!((&reaction.target, reaction.emoji.as_str(), reaction.target_from_me), (target, emoji, from_core));
    }
    let shown = stage.sim.messages(None, OTHER, OWN).await.unwrap();
    let emoji: Vec<_> =
        shown.iter().map(|message| message.reactions.iter().map(|r| r.emoji.clone()).collect::<String>()).collect();
    assert_eq!(emoji, ["", "😂"]);
    assert!(matches!(stage.sim.react(&stage.hand, &own, "<b>").await, Err(SimError::InvalidText)));
}

#[tokio::test]
async fn own_messages_are_edited_and_deleted_and_others_are_not() {
    let stage = Stage::set().await;
    let own = stage.send(MessageContent::text("as 9h")).await;
    let edit = stage.sim.edit(&stage.hand, &own, "às 9h").await.unwrap();
    let Some(Happening::Edited { target, message }) = stage.told().pop() else { unreachable!() };
    assert_eq!((target, &message.wire_id, message.content.as_text()), (own.clone(), &edit, "às 9h"));
    let shown = stage.sim.messages(None, OWN, OTHER).await.unwrap();
    assert_eq!((shown[0].text.as_str(), shown[0].earlier.as_slice()), ("às 9h", ["as 9h".to_owned()].as_slice()));

    stage.sim.forward(&stage.hand, &own, &phone(OWN)).await.unwrap();
    assert_eq!(stage.last().content.as_text(), "às 9h", "what is passed on is what it says now");

    stage.sim.delete(&stage.hand, &own).await.unwrap();
    assert!(matches!(stage.told().pop(), Some(Happening::Revoked { target, .. }) if target == own));
    let shown = stage.sim.messages(None, OWN, OTHER).await.unwrap();
    assert!(shown[0].revoked && shown[0].text.is_empty() && !shown[1].revoked);
    assert!(matches!(stage.sim.edit(&stage.hand, &own, "?").await, Err(SimError::UnknownMessage)));

    let theirs = stage.receive(MessageContent::text("intocável")).await;
    assert!(matches!(stage.sim.edit(&stage.hand, &theirs, "?").await, Err(SimError::NotYours)));
    assert!(matches!(stage.sim.delete(&stage.hand, &theirs).await, Err(SimError::NotYours)));
    let place = stage.send(stage.sim.sample(stage.world.account, Sample::Location).await.unwrap()).await;
    assert!(matches!(stage.sim.edit(&stage.hand, &place, "?").await, Err(SimError::NotEditable)));
}

#[tokio::test]
async fn a_caption_is_edited_without_losing_the_document() {
    let stage = Stage::set().await;
    let sheet = stage.send(stage.sim.sample(stage.world.account, Sample::Document).await.unwrap()).await;
    stage.sim.edit(&stage.hand, &sheet, "com desconto").await.unwrap();
    let Some(Happening::Edited { message, .. }) = stage.told().pop() else { unreachable!() };
    assert_eq!((message.content.kind(), message.content.as_text()), (MessageKind::Document, "com desconto"));
    let shown = stage.sim.messages(None, OTHER, OWN).await.unwrap();
    assert!(shown[0].has_files);
    assert_eq!(shown[0].text, "com desconto");
}

#[tokio::test]
async fn what_is_passed_on_says_so_and_keeps_its_file() {
    let stage = Stage::set().await;
    let friend = Hand { chat: phone("5562911112222"), ..stage.hand.clone() };
    let photo = stage.sim.sample(stage.world.account, Sample::Photo).await.unwrap();
    let sent = stage.sim.send(&friend, photo.into()).await.unwrap();
    stage.sim.forward(&friend, &sent, &phone(OWN)).await.unwrap();
    let heard = stage.last();
    assert!(heard.forwarded);
    let MessageContent::Image(image) = &heard.content else { unreachable!() };
    let file = image.media.stored().unwrap();
    assert!(stage.world.messaging.media().describe(stage.world.account, file.id).await.unwrap().is_some());
}

#[tokio::test]
async fn a_voice_note_that_was_listened_to_is_told_once() {
    let stage = Stage::set().await;
    let voice = stage.sim.sample(stage.world.account, Sample::Voice).await.unwrap();
    let MessageContent::Audio(AudioContent { media, .. }) = voice else { unreachable!() };
    let sent = stage.world.accepted(AudioContent { media, ptt: true, waveform: false, view_once: false }).await;
    stage.world.pass(chrono::Duration::seconds(1)).await;
    stage.sim.play(&stage.hand, &sent.wire_id).await.unwrap();
    stage.sim.play(&stage.hand, &sent.wire_id).await.unwrap();
    stage.world.settle().await;
    let story = stage.world.story(&sent).await;
    assert_eq!(story.iter().filter(|event| *event == "message.played").count(), 1, "{story:?}");
    let view = stage.world.messaging.message(stage.world.account, sent.message).await.unwrap().unwrap();
    assert_eq!(view.status, MessageStatus::Played);
    assert_eq!(Receipt::Played.as_str(), "played");
    let text = stage.receive(MessageContent::text("sem som")).await;
    assert!(matches!(stage.sim.play(&stage.hand, &text).await, Err(SimError::NoSound)));
}
