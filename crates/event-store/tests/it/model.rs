//! Random commands, repeats, races, crashes and restarts of two processes, against a model in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use recado_event_store::{
    Alongside, ClaimedWork, CommandBus, CommandError, NewWork, Outcome, Platform, Projection, ProjectionError, Projector,
    RecordedEvent, WorkHandler, Worker, reader,
};
use recado_kernel::{CommandId, CommandMeta};
use recado_testkit::TestPlatform;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::counter::{Counter, CounterCommand, Full, account, meta};

const AGGREGATES: usize = 4;
const LIMIT: i64 = 6;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// Commands at the same time, each in one of the two processes; a repeat uses the id of an earlier command again.
    Burst(Vec<Order>, Trouble),
    /// A process is gone: what it remembers and what it has in flight goes with it.
    Restart(usize),
    /// Every connection to the database is cut.
    Cut,
    /// A process brings its projections up to date.
    Project(usize),
    /// A process does the work that is due.
    Work(usize),
}

/// What happens while commands are on their way.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    None,
    /// Every connection is cut.
    Cut,
    /// The callers go away, and both processes with them.
    Crash,
}

#[derive(Debug, Clone)]
struct Order {
    process: usize,
    aggregate: usize,
    action: Action,
}

#[derive(Debug, Clone)]
enum Action {
    Add(i64),
    AddUpTo,
    Repeat(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let action = prop_oneof![
        3 => (1..5_i64).prop_map(Action::Add),
        2 => Just(Action::AddUpTo),
        2 => any::<usize>().prop_map(Action::Repeat),
    ];
    let order = (0..2_usize, 0..AGGREGATES, action).prop_map(|(process, aggregate, action)| Order { process, aggregate, action });
    let trouble = prop_oneof![4 => Just(Trouble::None), 2 => Just(Trouble::Cut), 1 => Just(Trouble::Crash)];
    let step = prop_oneof![
        6 => (prop::collection::vec(order, 1..12), trouble).prop_map(|(orders, trouble)| Step::Burst(orders, trouble)),
        1 => (0..2_usize).prop_map(Step::Restart),
        1 => Just(Step::Cut),
        2 => (0..2_usize).prop_map(Step::Project),
        2 => (0..2_usize).prop_map(Step::Work),
    ];
    prop::collection::vec(step, 4..14)
}

/// Sums per aggregate, so that folding twice or not at all shows.
struct Sums;

#[async_trait]
impl Projection for Sums {
    fn name(&self) -> &'static str {
        "sums@1"
    }
    fn event_types(&self) -> &'static [&'static str] {
        &["counter.added"]
    }
    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for event in batch {
            sqlx::query(
                "INSERT INTO sums AS s VALUES ($1, $2, 1) ON CONFLICT (id) DO UPDATE SET sum = s.sum + $2, events = s.events + 1",
            )
            .bind(&event.aggregate_id)
            .bind(event.payload["by"].as_i64())
            .execute(&mut *db)
            .await?;
        }
        Ok(())
    }
}

/// Writes down what it did. Repeats are allowed, disorder is not.
struct Effects(sqlx::PgPool);

#[async_trait]
impl WorkHandler for Effects {
    fn topic(&self) -> &'static str {
        "effect"
    }
    async fn handle(&self, work: &ClaimedWork) -> Outcome {
        let written = sqlx::query("INSERT INTO effect (lane, id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(&work.lane)
            .bind(work.id)
            .execute(&self.0)
            .await;
        match written {
            Ok(_) => Outcome::done(),
            Err(error) => Outcome::Retry { at: work.due_at, error: error.to_string() },
        }
    }
}

struct Process {
    platform: Platform,
    bus: CommandBus<Counter>,
}

impl Process {
    fn of(t: &TestPlatform) -> Self {
        let platform = t.another_process();
        Self { bus: CommandBus::new(platform.log.clone()), platform }
    }
}

/// What was asked for, and what was promised.
#[derive(Debug, Clone)]
struct Asked {
    meta: CommandMeta,
    aggregate: usize,
    command: CounterCommand,
    /// The sequence the caller was told.
    accepted: Option<i64>,
}

struct World {
    t: TestPlatform,
    processes: [Process; 2],
    asked: Vec<Asked>,
}

impl World {
    async fn new() -> Self {
        let t = TestPlatform::start().await;
        sqlx::raw_sql(
            "CREATE TABLE sums (id text PRIMARY KEY, sum bigint NOT NULL, events bigint NOT NULL);
             CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, lane text NOT NULL, id uuid PRIMARY KEY);",
        )
        .execute(&t.database.pool)
        .await
        .unwrap();
        let processes = [Process::of(&t), Process::of(&t)];
        Self { t, processes, asked: vec![] }
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Burst(orders, trouble) => self.burst(orders, trouble).await,
            Step::Restart(n) => self.processes[n] = Process::of(&self.t),
            Step::Cut => self.cut().await,
            // A cut connection may fail a run; the next one goes on.
            Step::Project(n) => drop(self.projector(n).catch_up().await),
            Step::Work(n) => drop(self.worker(n).drain().await),
        }
    }

    fn projector(&self, n: usize) -> Projector {
        Projector::new(self.processes[n].platform.log.clone()).with(Arc::new(Sums))
    }

    fn worker(&self, n: usize) -> Worker {
        let log = self.processes[n].platform.log.clone();
        Worker::new(log, Arc::new(self.t.clock.clone()), &n.to_string(), Arc::new(Effects(self.t.database.pool.clone())))
    }

    async fn cut(&self) {
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        drop(sqlx::query(others).execute(&self.t.database.pool).await);
    }

    async fn burst(&mut self, orders: Vec<Order>, trouble: Trouble) {
        let mut begun = Vec::new();
        for order in orders {
            let n = match order.action {
                Action::Repeat(of) if !self.asked.is_empty() => of % self.asked.len(),
                Action::Repeat(_) => continue,
                Action::Add(by) => self.ask(order.aggregate, CounterCommand::Add(by)),
                Action::AddUpTo => self.ask(order.aggregate, CounterCommand::AddUpTo { limit: LIMIT }),
            };
            begun.push((n, send(&self.processes[order.process].bus, &self.asked[n])));
        }
        let runs = futures::future::join_all(begun.into_iter().map(|(n, run)| async move { (n, run.await) }));
        let outcomes = match trouble {
            Trouble::None => runs.await,
            Trouble::Cut => tokio::join!(runs, self.cut()).0,
            Trouble::Crash => {
                // Polled once: whatever has begun is on its way, and nobody hears of it.
                drop(tokio::time::timeout(std::time::Duration::ZERO, runs).await);
                self.processes = [Process::of(&self.t), Process::of(&self.t)];
                vec![]
            }
        };
        for (n, outcome) in outcomes {
            match outcome {
                Ok(sequence) => {
                    let before = self.asked[n].accepted.replace(sequence);
                    assert!(
                        before.is_none_or(|before| before == sequence),
                        "one command, two answers: {before:?} and {sequence}"
                    );
                }
                Err(CommandError::Refused(Full)) => assert!(self.asked[n].accepted.is_none(), "accepted, then refused"),
                // Not promised: it may be there or not; nothing else may be wrong.
                Err(CommandError::Contention | CommandError::Store(_)) => {}
                Err(other) => unreachable!("{other}"),
            }
        }
    }

    fn ask(&mut self, aggregate: usize, command: CounterCommand) -> usize {
        let meta = CommandMeta { command_id: CommandId::from_uuid(self.t.platform.new_uuid()), ..meta(&self.t.platform) };
        self.asked.push(Asked { meta, aggregate, command, accepted: None });
        self.asked.len() - 1
    }

    /// Everything is brought to its end and compared with the model.
    async fn judge(&mut self) {
        // Callers who never got an answer ask again, with the same id.
        for n in 0..self.asked.len() {
            let answer = send(&self.processes[n % 2].bus, &self.asked[n]).await;
            if let Some(told) = self.asked[n].accepted {
                assert_eq!(answer.unwrap(), told, "a repeat is told what was told before");
            } else if let Ok(sequence) = answer {
                self.asked[n].accepted = Some(sequence);
            }
        }
        let mut model: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for k in 0..AGGREGATES {
            let stream = reader::read_stream(&self.t.database.pool, "counter", &k.to_string(), 0).await.unwrap();
            let mut value = 0;
            for (n, event) in (1..).zip(&stream) {
                assert_eq!(event.sequence, n, "a hole in a stream");
                let by: Vec<&Asked> = self.asked.iter().filter(|asked| asked.meta.command_id == event.command_id).collect();
                assert_eq!((by.len(), by[0].aggregate, by[0].accepted), (1, k, Some(n)), "an event nobody asked for, or twice");
                // Whatever the race, each decision was right where it stands.
                assert!(!matches!(by[0].command, CounterCommand::AddUpTo { limit } if value >= limit), "a limit was passed");
                value += event.payload["by"].as_i64().unwrap();
            }
            if !stream.is_empty() {
                model.insert(k.to_string(), (value, i64::try_from(stream.len()).unwrap()));
            }
        }
        let accepted = self.asked.iter().filter(|asked| asked.accepted.is_some()).count();
        assert_eq!(
            i64::try_from(accepted).unwrap(),
            model.values().map(|(_, events)| events).sum::<i64>(),
            "one event a promise"
        );

        self.t.catch_up(&[Arc::new(Sums)]).await;
        let sums: Vec<(String, i64, i64)> =
            sqlx::query_as("SELECT id, sum, events FROM sums ORDER BY id").fetch_all(&self.t.database.pool).await.unwrap();
        let sums: BTreeMap<String, (i64, i64)> = sums.into_iter().map(|(id, sum, events)| (id, (sum, events))).collect();
        assert_eq!(sums, model, "the read model is the log, folded once");

        // Leases of cut processes run out by the database's clock: here they are let go by hand.
        sqlx::query("UPDATE work_lane SET leased_until = '-infinity' WHERE leased_until IS NOT NULL")
            .execute(&self.t.database.pool)
            .await
            .unwrap();
        self.worker(0).drain().await.unwrap();
        for k in 0..AGGREGATES {
            let done: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM effect WHERE lane = $1 ORDER BY n")
                .bind(k.to_string())
                .fetch_all(&self.t.database.pool)
                .await
                .unwrap();
            let stream = reader::read_stream(&self.t.database.pool, "counter", &k.to_string(), 0).await.unwrap();
            let wanted: Vec<Uuid> = stream.iter().map(|event| event.command_id.as_uuid()).collect();
            assert_eq!(done, wanted, "one effect a command, in the order of the stream");
        }
    }
}

/// Runs it in its process, with one piece of work that must happen if and only if the events are stored.
fn send(bus: &CommandBus<Counter>, asked: &Asked) -> impl Future<Output = Result<i64, CommandError<Full>>> + use<> {
    let (bus, asked) = (bus.clone(), asked.clone());
    let work = NewWork {
        id: asked.meta.command_id.as_uuid(),
        topic: "effect".into(),
        lane: asked.aggregate.to_string(),
        account_id: account(),
        subject: String::new(),
        payload: serde_json::Value::Null,
        due_at: asked.meta.occurred_at,
        cause: None,
    };
    async move {
        let side = move |_: &Counter, _: &[_]| Alongside { work: vec![work.clone()], ..Alongside::default() };
        let outcome = bus.execute_with(&asked.aggregate.to_string(), asked.command, asked.meta, side).await?;
        Ok(outcome.sequence)
    }
}

#[test]
fn whatever_happens_the_log_is_what_was_promised() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 24, max_shrink_iters: 40, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&steps(), |steps| {
        runtime.block_on(async {
            let mut world = World::new().await;
            for step in steps {
                world.take(step).await;
            }
            world.judge().await;
        });
        Ok(())
    });
    outcome.unwrap();
}
