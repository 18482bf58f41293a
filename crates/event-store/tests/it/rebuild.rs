//! A read model is built anew while everything goes on: equal to what events say, never empty, never an error, never backwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use recado_event_store::projection::rebuild::{Progress, Rebuild, RebuildError};
use recado_event_store::projection::status::statuses;
use recado_event_store::{CommandBus, Projection, ProjectionError, Projector};
use recado_testkit::TestPlatform;
use sqlx::PgPool;
use tokio::sync::watch;

use crate::balance::{self, Balance, NAME};
use crate::counter::{Counter, CounterCommand, meta};
use crate::readers::Total;

fn rebuild(t: &TestPlatform, projection: &Balance, holder: &str) -> Rebuild {
    Rebuild::new(t.platform.log.clone(), Arc::new(projection.clone()), holder).unwrap()
}

async fn run(rebuild: &Rebuild) -> Result<Progress, RebuildError> {
    rebuild.run(watch::channel(false).1, |_| {}).await
}

/// Everything about the table that a person would notice if it changed.
async fn looks(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'view_balance'
         UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'public.view_balance'::regclass
         UNION ALL SELECT a.attname || format_type(a.atttypid, a.atttypmod) || a.attidentity::text || a.attgenerated::text || COALESCE(col_description(a.attrelid, a.attnum), '')
                     FROM pg_attribute a WHERE a.attrelid = 'public.view_balance'::regclass AND a.attnum > 0
         UNION ALL SELECT COALESCE(array_to_string(reloptions, ','), '') || (SELECT string_agg(privilege_type, ',' ORDER BY privilege_type) FROM aclexplode(relacl) WHERE grantee = 0)
                     FROM pg_class WHERE oid = 'public.view_balance'::regclass
         UNION ALL SELECT pg_get_serial_sequence('public.view_balance', 'seq')
         ORDER BY 1",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn schemas(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("SELECT nspname::text FROM pg_namespace WHERE nspname ~ '^(rebuild|retired)_' ORDER BY 1")
        .fetch_all(pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_rebuilt_table_is_what_events_say_and_can_be_rolled_back_and_forgotten() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    let program = Balance::new();
    let projections: [Arc<dyn Projection>; 1] = [Arc::new(program.clone())];
    balance::add_events(&t, 50, 5).await;
    t.catch_up(&projections).await;
    let before = looks(pool).await;
    sqlx::query("UPDATE view_balance SET sum = 1000000").execute(pool).await.unwrap();
    let damaged = balance::shown(pool).await;
    let rebuild = rebuild(&t, &program, "one");
    assert_eq!(run(&rebuild).await.unwrap().folded, 50);
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
    assert_eq!(looks(pool).await, before);
    assert_eq!(schemas(pool).await, ["retired_balance_1"]);
    // It goes on being fed, and a rollback brings the old tables back, which then catch up.
    balance::add_events(&t, 7, 5).await;
    t.catch_up(&projections).await;
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
    rebuild.rollback().await.unwrap();
    assert_eq!(balance::shown(pool).await, damaged);
    assert_eq!(looks(pool).await, before);
    t.catch_up(&projections).await;
    assert!(balance::shown(pool).await.iter().all(|(_, sum, _)| *sum > 1_000_000), "the seven events came to the damaged sums");
    rebuild.rollback().await.unwrap();
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await, "a rollback can be rolled back");
    rebuild.forget().await.unwrap();
    assert_eq!(schemas(pool).await, Vec::<String>::new());
    for refused in [rebuild.rollback().await, rebuild.forget().await] {
        assert!(matches!(refused, Err(RebuildError::NothingRetired(_))));
    }
    // Twice in a row: what was retired before makes room.
    run(&rebuild).await.unwrap();
    run(&rebuild).await.unwrap();
    assert_eq!(schemas(pool).await, ["retired_balance_1"]);
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
}

/// Two processes fold, writers write, readers read through cached statements, and the tables are exchanged under them again and again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_commands_go_on_nothing_is_lost_and_readers_notice_nothing() {
    let t = TestPlatform::start().await;
    let pool = t.database.pool.clone();
    balance::create_table(&pool).await;
    balance::many_events(&pool, 5_000, 40).await;
    let program = Balance::new();
    t.catch_up(&[Arc::new(program.clone())]).await;
    let (stop, stopped) = watch::channel(false);
    let loops: Vec<_> = (0..2)
        .map(|_| tokio::spawn(Projector::new(t.another_process().log).with(Arc::new(program.clone())).run(stopped.clone())))
        .collect();
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (pool, done) = (pool.clone(), done.clone());
            tokio::spawn(async move {
                let (mut seen, mut looks) = (0_i64, 0_u32);
                while !done.load(Ordering::Relaxed) {
                    let events: i64 = sqlx::query_scalar("SELECT COALESCE(sum(events), 0)::bigint FROM view_balance")
                        .fetch_one(&pool)
                        .await
                        .unwrap();
                    assert!(events >= 5_000 && events >= seen, "{seen} events were shown, now {events}");
                    (seen, looks) = (events, looks + 1);
                    tokio::task::yield_now().await;
                }
                looks
            })
        })
        .collect();
    let writers: Vec<_> = (0..2)
        .map(|w| {
            let (platform, done) = (t.another_process(), done.clone());
            tokio::spawn(async move {
                let bus = CommandBus::<Counter>::new(platform.log.clone());
                let mut n = 0;
                while !done.load(Ordering::Relaxed) {
                    bus.execute(&format!("w{w}-{}", n % 9), CounterCommand::Add(1), meta(&platform)).await.unwrap();
                    n += 1;
                }
                n
            })
        })
        .collect();
    let rebuild = rebuild(&t, &program, "one");
    for _ in 0..3 {
        run(&rebuild).await.unwrap();
    }
    done.store(true, Ordering::Relaxed);
    for writer in writers {
        assert!(writer.await.unwrap() > 0);
    }
    for reader in readers {
        assert!(reader.await.unwrap() > 0);
    }
    stop.send_replace(true);
    for handle in loops {
        handle.await.unwrap();
    }
    t.catch_up(&[Arc::new(program)]).await;
    assert_eq!(balance::shown(&pool).await, balance::expected(&pool).await);
}

/// Killed in the middle: nothing is released, nothing is undone. Only one may go on, and it goes on where the dead one ended.
#[tokio::test]
async fn a_rebuild_that_was_killed_is_continued_by_another() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::many_events(pool, 9_000, 30).await;
    let program = Balance::new();
    t.catch_up(&[Arc::new(program.clone())]).await;
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let first = rebuild(&t, &program, "one");
    let task =
        tokio::spawn(async move { first.run(watch::channel(false).1, |progress| told.send(progress).unwrap_or_default()).await });
    let before = heard.recv().await.unwrap();
    task.abort();
    drop(task.await);
    assert!(before.folded < 9_000);
    let other = rebuild(&t, &program, "two");
    assert!(matches!(run(&other).await, Err(RebuildError::Busy { holder, .. }) if holder == "one"));
    sqlx::query("UPDATE lease SET expires_at = clock_timestamp() - interval '1 second'").execute(pool).await.unwrap();
    let after = run(&other).await.unwrap();
    assert!(after.folded < 9_000, "what was built is not built again: {after:?}");
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
}

#[tokio::test]
async fn a_migration_in_between_makes_the_rebuild_begin_anew_and_forbids_going_back() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::many_events(pool, 5_000, 30).await;
    let program = Balance::new();
    t.catch_up(&[Arc::new(program.clone())]).await;
    let rebuild = rebuild(&t, &program, "one");
    let (stop, stopped) = watch::channel(false);
    let half = rebuild.run(stopped, |_| stop.send_modify(|stop| *stop = true)).await;
    assert!(matches!(half, Err(RebuildError::Stopped)));
    sqlx::query("ALTER TABLE view_balance ADD COLUMN note text").execute(pool).await.unwrap();
    assert_eq!(run(&rebuild).await.unwrap().folded, 5_000);
    sqlx::query("ALTER TABLE view_balance DROP COLUMN note").execute(pool).await.unwrap();
    assert!(matches!(rebuild.rollback().await, Err(RebuildError::DefinitionChanged(_))));
}

#[tokio::test]
async fn a_poison_event_stops_the_rebuild_and_not_what_serves() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::add_events(&t, 20, 5).await;
    let serving = Balance::new();
    t.catch_up(&[Arc::new(serving.clone())]).await;
    let broken = Balance::new();
    broken.poison.store(13, Ordering::Relaxed);
    let refused = run(&rebuild(&t, &broken, "one")).await;
    assert!(matches!(refused, Err(RebuildError::Projection(ProjectionError::Poison { .. }))), "{refused:?}");
    balance::add_events(&t, 3, 5).await;
    t.catch_up(&[Arc::new(serving.clone())]).await;
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
    let known: [Arc<dyn Projection>; 1] = [Arc::new(serving.clone())];
    let status = statuses(pool, &known).await.unwrap().pop().unwrap();
    assert_eq!((status.name.as_str(), status.live.stopped.as_deref(), status.live.lag_events), (NAME, None, 0));
    let reason = status.rebuild.unwrap().stopped.unwrap();
    assert!(reason.contains("bad omen"), "{reason}");
    // The mended program goes on with the same command.
    run(&rebuild(&t, &serving, "two")).await.unwrap();
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
    assert!(statuses(pool, &known).await.unwrap().pop().unwrap().rebuild.is_none());
}

#[tokio::test]
async fn what_cannot_be_rebuilt_is_refused_with_a_sentence() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    let reactor = Rebuild::new(t.platform.log.clone(), Arc::new(Total), "one");
    assert!(reactor.err().unwrap().to_string().contains("is a reactor"));
    balance::create_table(pool).await;
    sqlx::query("CREATE VIEW somebody AS SELECT sum FROM view_balance").execute(pool).await.unwrap();
    let refused = run(&rebuild(&t, &Balance::new(), "one")).await.unwrap_err();
    assert!(refused.to_string().contains("a view or rule reads it"), "{refused}");
}

/// A reader that holds a table for long does not make others wait: the swap gives up and tries again.
#[tokio::test]
async fn a_long_reader_delays_the_swap_only() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::add_events(&t, 10, 5).await;
    let program = Balance::new();
    t.catch_up(&[Arc::new(program.clone())]).await;
    let mut reader = pool.begin().await.unwrap();
    sqlx::query("SELECT * FROM view_balance").execute(&mut *reader).await.unwrap();
    let rebuild = rebuild(&t, &program, "one");
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let task =
        tokio::spawn(
            async move { rebuild.run(watch::channel(false).1, |progress| told.send(progress).unwrap_or_default()).await },
        );
    // Progress is told once per try: after several of them the tables still serve everybody.
    for _ in 0..5 {
        heard.recv().await.unwrap();
    }
    tokio::time::timeout(Duration::from_secs(5), balance::shown(pool)).await.unwrap();
    drop(reader);
    task.await.unwrap().unwrap();
    assert_eq!(balance::shown(pool).await, balance::expected(pool).await);
}

/// One step takes longer than the lease lasts without a sign of life.
struct Slow(Balance);

#[async_trait::async_trait]
impl Projection for Slow {
    fn name(&self) -> &'static str {
        self.0.name()
    }
    fn event_types(&self) -> &'static [&'static str] {
        self.0.event_types()
    }
    fn tables(&self) -> &'static [&'static str] {
        self.0.tables()
    }
    async fn project(
        &self,
        batch: &[recado_event_store::RecordedEvent],
        db: &mut sqlx::PgConnection,
    ) -> Result<(), ProjectionError> {
        sqlx::query("SELECT pg_sleep(2)").execute(&mut *db).await?;
        self.0.project(batch, db).await
    }
}

#[tokio::test]
async fn a_step_that_takes_long_is_no_silence() {
    let t = TestPlatform::start().await;
    let pool = &t.database.pool;
    balance::create_table(pool).await;
    balance::add_events(&t, 10, 5).await;
    let projection = Arc::new(Slow(Balance::new()));
    let slow = Rebuild::new(t.platform.log.clone(), projection, "one").unwrap().with_term(Duration::from_secs(1));
    assert_eq!(run(&slow).await.unwrap().folded, 10);
}
