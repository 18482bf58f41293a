//! What follows leads back, whatever carried it: a reactor, its work, or the work stored with a command.

use std::sync::Arc;

use async_trait::async_trait;
use recado_event_store::history::{Causes, Step, causes};
use recado_event_store::work::{self, enqueue};
use recado_event_store::{
    Alongside, ClaimedWork, CommandBus, NewWork, Outcome, Platform, Projection, ProjectionError, RecordedEvent, WorkHandler,
    reader,
};
use recado_kernel::{AccountId, CommandId};
use recado_testkit::TestPlatform;
use sqlx::PgConnection;

use crate::counter::{Counter, CounterCommand, account, meta};

/// Every "first…" counter that moves makes a "second…" one move, through work.
struct Reaction;

#[async_trait]
impl Projection for Reaction {
    fn name(&self) -> &'static str {
        "reaction@1"
    }
    fn event_types(&self) -> &'static [&'static str] {
        &[]
    }
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let orders: Vec<NewWork> = batch
            .iter()
            .filter(|event| event.aggregate_id.starts_with("first"))
            .map(|event| NewWork { cause: Some(event.as_cause()), ..job(event.derived_id("reaction", 0), event.occurred_at) })
            .collect();
        Ok(enqueue(db, &orders).await?)
    }
}

fn job(id: uuid::Uuid, due_at: recado_kernel::Timestamp) -> NewWork {
    NewWork {
        id,
        topic: "move".into(),
        lane: id.to_string(),
        account_id: account(),
        subject: "second".into(),
        payload: serde_json::Value::Null,
        due_at,
        cause: None,
    }
}

struct Move(Platform);

#[async_trait]
impl WorkHandler for Move {
    fn topic(&self) -> &'static str {
        "move"
    }
    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let bus = CommandBus::<Counter>::new(self.0.log.clone());
        let mut meta = meta(&self.0).following(work.cause);
        meta.command_id = CommandId::from_uuid(work.id);
        bus.execute(&work.subject, CounterCommand::Add(1), meta).await.unwrap();
        Outcome::done()
    }
}

async fn event(t: &TestPlatform, id: &str, sequence: i64) -> RecordedEvent {
    let found = reader::read_stream(t.platform.pool(), "counter", id, sequence - 1).await.unwrap();
    found.into_iter().next().unwrap()
}

fn names(steps: &[Step]) -> Vec<String> {
    steps.iter().flat_map(|step| &step.events).map(|event| format!("{}#{}", event.aggregate_id, event.sequence)).collect()
}

fn below(causes: &Causes) -> Vec<String> {
    names(&causes.own.consequences)
}

#[tokio::test]
async fn a_reaction_leads_back_to_its_event_and_the_event_on_to_the_reaction() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    bus.execute("first", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    bus.execute("first-other", CounterCommand::Add(1), meta(&t.platform)).await.unwrap();
    t.settle(&[Arc::new(Reaction)], &[Arc::new(Move(t.platform.clone()))]).await;
    let (first, other) = (event(&t, "first", 1).await, event(&t, "first-other", 1).await);
    for n in [1, 2] {
        let second = event(&t, "second", n).await;
        let cause = if second.correlation_id == first.correlation_id { &first } else { &other };
        assert_eq!(second.causation_id, Some(cause.command_id.as_uuid()));
        let told = causes(t.platform.pool(), &second).await.unwrap();
        assert_eq!((names(&told.above), told.beginning), (vec![format!("{}#1", cause.aggregate_id)], None));
        let told = causes(t.platform.pool(), cause).await.unwrap();
        assert_eq!((names(&told.above), below(&told)), (vec![], vec![format!("second#{n}")]));
    }
}

#[tokio::test]
async fn work_stored_with_a_command_follows_from_it_and_is_shown_while_it_waits() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let due = t.platform.now() + chrono::Duration::hours(48);
    let timer = job(uuid::Uuid::from_u128(48), due);
    let alongside = move |_: &_, _: &[_]| Alongside { work: vec![timer.clone()], ..Alongside::default() };
    bus.execute_with("third", CounterCommand::Add(1), meta(&t.platform), alongside).await.unwrap();
    let told = causes(t.platform.pool(), &event(&t, "third", 1).await).await.unwrap();
    assert_eq!(told.own.waiting.len(), 1);
    assert_eq!((told.own.waiting[0].topic.as_str(), told.own.waiting[0].due_at), ("move", due));
    t.clock.set(due);
    t.drain(&[Arc::new(Move(t.platform.clone()))]).await;
    let told = causes(t.platform.pool(), &event(&t, "second", 1).await).await.unwrap();
    assert_eq!((names(&told.above), told.own.waiting.len()), (vec!["third#1".to_owned()], 0));
    assert_eq!(work::counts(t.platform.pool()).await.unwrap(), []);
}

#[tokio::test]
async fn causes_in_other_stories_are_found_and_circles_end() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let begun = meta(&t.platform);
    bus.execute("a", CounterCommand::Add(1), begun.clone()).await.unwrap();
    // Names the cause but begins a story of its own.
    let mut apart = meta(&t.platform);
    apart.causation_id = Some(begun.command_id.as_uuid());
    bus.execute("b", CounterCommand::Add(1), apart).await.unwrap();
    let told = causes(t.platform.pool(), &event(&t, "b", 1).await).await.unwrap();
    assert_eq!((names(&told.above), told.beginning), (vec!["a#1".to_owned()], None));
    // A cause that stored nothing.
    let mut silent = meta(&t.platform);
    silent.causation_id = Some(uuid::Uuid::from_u128(5));
    bus.execute("c", CounterCommand::Add(1), silent).await.unwrap();
    let told = causes(t.platform.pool(), &event(&t, "c", 1).await).await.unwrap();
    assert_eq!((names(&told.above), told.beginning), (vec![], Some(uuid::Uuid::from_u128(5))));
    // Two commands that name each other.
    let (mut one, mut two) = (meta(&t.platform), meta(&t.platform));
    two.correlation_id = one.correlation_id;
    one.causation_id = Some(two.command_id.as_uuid());
    two.causation_id = Some(one.command_id.as_uuid());
    bus.execute("d", CounterCommand::Add(1), one).await.unwrap();
    bus.execute("e", CounterCommand::Add(1), two).await.unwrap();
    let told = causes(t.platform.pool(), &event(&t, "e", 1).await).await.unwrap();
    assert!(names(&told.above).contains(&"d#1".to_owned()));
}

#[tokio::test]
async fn another_accounts_part_of_a_story_is_not_told() {
    let t = TestPlatform::start().await;
    let bus = CommandBus::<Counter>::new(t.platform.log.clone());
    let ours = meta(&t.platform);
    let mut theirs = meta(&t.platform).following(Some(ours.as_cause()));
    theirs.account_id = AccountId::from_uuid(uuid::Uuid::from_u128(0xBEEF));
    bus.execute("ours", CounterCommand::Add(1), ours).await.unwrap();
    bus.execute("theirs", CounterCommand::Add(1), theirs).await.unwrap();
    let told = causes(t.platform.pool(), &event(&t, "ours", 1).await).await.unwrap();
    assert_eq!(below(&told), Vec::<String>::new());
    let told = causes(t.platform.pool(), &event(&t, "theirs", 1).await).await.unwrap();
    assert!(told.above.is_empty() && told.beginning.is_some());
}
