//! The queue with everything around it: order, pace, typing, sessions that come and go, processes that die.

use std::sync::Arc;

use chrono::Duration;
use recado_engine_sim::SimEngine;
use recado_kernel::{Actor, Clock as _, Door, Rng as _, SeededRng, Timestamp};
use recado_messaging::domain::pacing::PacingPolicy;
use recado_messaging::{AcceptMessage, QueueHold, QueuePage, SendResult};

use crate::troubled::{Trouble, Troubled};
use crate::world::*;

/// A connected instance with the real pace.
async fn paced() -> World {
    let world = World::start_with(|platform| {
        let engine = Arc::new(SimEngine::new(platform.clone()));
        process_with(platform, engine, PacingPolicy::default())
    })
    .await;
    world.pair().await;
    world
}

async fn send_with(world: &World, delay_typing: i64, delay_message: Option<i64>) -> SendResult {
    let actor = Actor::System("test".into());
    let access = world.messaging.instance_access(world.account, world.instance, actor, Door::Api).await.unwrap();
    let text =
        AcceptMessage { delay_typing: Some(delay_typing), delay_message, ..AcceptMessage::text(OTHER.parse().unwrap(), "oi") };
    world.messaging.accept(&access, text).await.unwrap()
}

async fn moment_of(world: &World, sent: &SendResult, event: &str) -> Timestamp {
    sqlx::query_scalar("SELECT occurred_at FROM events WHERE aggregate_id = $1 AND event_type = $2")
        .bind(sent.message.to_string())
        .bind(event)
        .fetch_one(&world.t.database.pool)
        .await
        .unwrap()
}

/// Lets time go by in small steps.
async fn pass(world: &World, seconds: i64) {
    for _ in 0..seconds * 10 {
        world.pass(Duration::milliseconds(100)).await;
    }
}

#[tokio::test]
async fn gaps_are_random_or_as_wished() {
    let world = paced().await;
    let first = send_with(&world, 0, None).await;
    let second = send_with(&world, 0, Some(7)).await;
    let third = send_with(&world, 0, None).await;
    world.settle().await;
    pass(&world, 11).await;
    let at = [
        moment_of(&world, &first, "message.sending").await,
        moment_of(&world, &second, "message.sending").await,
        moment_of(&world, &third, "message.sending").await,
    ];
    assert!((1_000..=3_100).contains(&(at[1] - at[0]).num_milliseconds()), "{at:?}");
    assert!((7_000..=7_100).contains(&(at[2] - at[1]).num_milliseconds()), "{at:?}");
    // The pace holds for a message that comes after the queue was empty.
    let fourth = send_with(&world, 0, None).await;
    world.settle().await;
    pass(&world, 4).await;
    let gap = (moment_of(&world, &fourth, "message.sending").await - at[2]).num_milliseconds();
    assert!(gap >= 1_000, "{gap}");
}

#[tokio::test]
async fn typing_is_a_row_and_the_message_can_be_cancelled_meanwhile() {
    let world = paced().await;
    let typed = send_with(&world, 5, None).await;
    let cancelled = send_with(&world, 5, None).await;
    let begun = world.t.clock.now();
    world.settle().await;
    assert_eq!(world.story(&typed).await, ["message.accepted"], "nobody waits in the middle of it");
    let outlook = world.messaging.queue_outlook(world.account, world.instance).await.unwrap();
    assert_eq!((outlook.waiting, outlook.held, outlook.moves_at), (2, None, begun + Duration::seconds(5)));
    assert_eq!(outlook.takes, Duration::seconds(2 + 5), "what is being typed counts from when it is done");
    pass(&world, 5).await;
    assert_eq!(moment_of(&world, &typed, "message.sending").await, begun + Duration::seconds(5));
    pass(&world, 4).await;
    assert_eq!(world.story(&cancelled).await, ["message.accepted"], "the second is being typed");
    assert!(world.messaging.cancel_message(world.meta(), world.instance, cancelled.message).await.unwrap());
    pass(&world, 10).await;
    assert_eq!(world.story(&cancelled).await, ["message.accepted", "message.cancelled"]);
    let attempts: i32 = sqlx::query_scalar("SELECT attempts FROM view_message WHERE message_id = $1")
        .bind(typed.message.as_uuid())
        .fetch_one(&world.t.database.pool)
        .await
        .unwrap();
    assert_eq!(attempts, 1, "typing is no attempt");
}

#[tokio::test]
async fn what_waits_for_the_session_goes_out_the_moment_it_is_back() {
    let world = World::connected(None).await;
    world.sim.set_online(world.instance, false).await.unwrap();
    world.settle().await;
    let waiting = world.send(OTHER, "espera").await;
    world.pass(Duration::hours(1)).await;
    let tried = "SELECT attempts FROM work WHERE topic = 'send'";
    assert_eq!(sqlx::query_scalar::<_, i32>(tried).fetch_one(&world.t.database.pool).await.unwrap(), 0, "nobody looked");
    let outlook = world.messaging.queue_outlook(world.account, world.instance).await.unwrap();
    assert_eq!(outlook.held, Some(QueueHold::Disconnected));
    world.sim.set_online(world.instance, true).await.unwrap();
    world.settle().await;
    assert_eq!(world.story(&waiting).await.last().unwrap(), "message.sent", "without any time going by");
}

/// The session is gone and the news of it is still on the way: looked for now and then, freed by the news of its return.
#[tokio::test]
async fn a_session_whose_news_is_late_is_looked_for_less_and_less() {
    let world = World::connected(None).await;
    world.messaging.engine().unwrap().disconnect(world.instance).await.unwrap();
    let waiting = world.send(OTHER, "espera").await;
    world.settle().await;
    let mut steps = vec![];
    for _ in 0..6 {
        let (step, due): (i16, Timestamp) =
            sqlx::query_as("SELECT step, due_at FROM work WHERE topic = 'send'").fetch_one(&world.t.database.pool).await.unwrap();
        steps.push((step, (due - world.t.clock.now()).num_seconds()));
        world.pass(due - world.t.clock.now()).await;
    }
    assert_eq!(steps, [(-1, 2), (-2, 4), (-3, 8), (-4, 10), (-5, 10), (-6, 10)]);
    assert_eq!(world.story(&waiting).await, ["message.accepted"], "it can still be cancelled");
    // The news of the loss, and of the return.
    world.sim.set_online(world.instance, true).await.unwrap();
    world.sim.set_online(world.instance, false).await.unwrap();
    world.settle().await;
    world.sim.set_online(world.instance, true).await.unwrap();
    world.settle().await;
    assert_eq!(world.story(&waiting).await.last().unwrap(), "message.sent");
}

#[tokio::test]
async fn a_paused_queue_stays_paused_in_another_process() {
    let world = World::connected(None).await;
    world.messaging.pause_queue(world.meta(), world.instance).await.unwrap();
    world.settle().await;
    let waiting = world.send(OTHER, "espera").await;
    let (messaging, sim) = process(world.t.another_process());
    let handlers: Vec<_> = messaging.handlers().into_iter().chain(sim.handlers()).collect();
    world.t.clock.advance(Duration::hours(1));
    world.t.settle(&messaging.projections(), &handlers).await;
    assert_eq!(world.story(&waiting).await, ["message.accepted"]);
    let view = messaging.instance(world.account, world.instance).await.unwrap();
    assert!(view.queue_paused && view.connected());
    let outlook = messaging.queue_outlook(world.account, world.instance).await.unwrap();
    assert_eq!(outlook.held, Some(QueueHold::Paused));
    messaging.resume_queue(world.meta(), world.instance).await.unwrap();
    world.t.settle(&messaging.projections(), &handlers).await;
    assert_eq!(world.story(&waiting).await.last().unwrap(), "message.sent");
}

/// Processes die and answers get lost at every other hand-over, in many different ways: each chat gets its messages once and in order.
#[tokio::test]
async fn order_and_number_survive_crashes() {
    for seed in 0..2_u64 {
        let world = World::start_with(|platform| {
            let plan = move |n: usize| match SeededRng::new(seed * 1_000 + n as u64).between(0, 7) {
                0 => Trouble::DiesBefore,
                1 => Trouble::DiesAfter,
                2 => Trouble::AnswerLost,
                3 => Trouble::NotSent,
                _ => Trouble::Nothing,
            };
            let engine = Arc::new(Troubled::new(SimEngine::new(platform.clone()), plan));
            process_with(platform, engine, PacingPolicy { min_gap_ms: 0, max_gap_ms: 0 })
        })
        .await;
        world.pair().await;
        let chats = ["5562988880002", "5562988880003", "5562988880004"];
        for n in 0..18 {
            world.send(chats[n % 3], &format!("mensagem {n}")).await;
        }
        let mut left = 1;
        for _ in 0..400 {
            world.pass(Duration::seconds(2)).await;
            left = world.messaging.queue_count(world.account, world.instance).await.unwrap();
            if left == 0 {
                break;
            }
        }
        world.pass(Duration::seconds(5)).await;
        assert_eq!(left, 0, "seed {seed}");
        for (chat, phone) in chats.iter().enumerate() {
            let texts: Vec<String> =
                world.sim.messages(None, phone, OWN).await.unwrap().into_iter().map(|message| message.text).collect();
            let expected: Vec<String> = (0..18).filter(|n| n % 3 == chat).map(|n| format!("mensagem {n}")).collect();
            assert_eq!(texts, expected, "seed {seed}, chat {phone}");
        }
        let sent: i64 = sqlx::query_scalar("SELECT count(*) FROM events WHERE event_type = 'message.sent'")
            .fetch_one(&world.t.database.pool)
            .await
            .unwrap();
        assert_eq!(sent, 18, "seed {seed}");
    }
}

/// Whoever takes over from a dead process keeps the distance to what that one sent.
#[tokio::test]
async fn the_gap_survives_a_crash() {
    let world = World::start_with(|platform| {
        let plan = |n| if n == 0 { Trouble::DiesAfter } else { Trouble::Nothing };
        let engine = Arc::new(Troubled::new(SimEngine::new(platform.clone()), plan));
        process_with(platform, engine, PacingPolicy::default())
    })
    .await;
    world.pair().await;
    let first = send_with(&world, 0, Some(12)).await;
    let second = send_with(&world, 0, None).await;
    world.settle().await;
    // The receipt comes before anybody repeats the hand-over: the message is known to have gone out.
    pass(&world, 20).await;
    assert_eq!(world.story(&first).await.last().unwrap(), "message.received");
    let gap = moment_of(&world, &second, "message.sending").await - moment_of(&world, &first, "message.sent").await;
    assert!(gap >= Duration::seconds(12), "{gap}");
}

#[tokio::test]
async fn the_queue_tells_place_and_time() {
    let world = paced().await;
    world.messaging.pause_queue(world.meta(), world.instance).await.unwrap();
    for (typing, delay) in [(0, Some(15)), (3, None), (0, None), (1, Some(1))] {
        send_with(&world, typing, delay).await;
    }
    let slice = world.messaging.queue(world.account, world.instance, QueuePage::default()).await.unwrap();
    let expected: Vec<_> = slice.items.iter().map(|item| (item.position, item.expected_after.num_seconds())).collect();
    assert_eq!(expected, [(1, 0), (2, 18), (3, 20), (4, 23)]);
    let rest = QueuePage { after: Some(slice.items[1].cursor), ..QueuePage::default() };
    let rest = world.messaging.queue(world.account, world.instance, rest).await.unwrap();
    assert_eq!(rest.items[1].expected_after.num_seconds(), 23, "a page does not change it");
    let outlook = world.messaging.queue_outlook(world.account, world.instance).await.unwrap();
    assert_eq!((outlook.waiting, outlook.takes.num_seconds()), (4, 23));
    let nobody = recado_kernel::AccountId::from_uuid(world.t.platform.new_uuid());
    let outlook = world.messaging.queue_outlook(nobody, world.instance).await.unwrap();
    assert_eq!((outlook.waiting, outlook.takes.num_seconds()), (0, 0), "another account learns nothing");
}
