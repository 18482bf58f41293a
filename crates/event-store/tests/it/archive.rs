//! Months leave the log and come back; every account's chain verifies at any time, and the file proves what it holds.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use recado_event_store::archive::{self, ArchiveError, ArchiveState, Job};
use recado_event_store::audit::{self, AuditKeys, Expected, Exporter, Format, Period};
use recado_event_store::partitions::{self, Month};
use recado_event_store::projection::rebuild::{Rebuild, RebuildError};
use recado_event_store::{CommandBus, Position, Projection, ProjectionError, RecordedEvent, reader};
use recado_kernel::{MessageId, Timestamp};
use recado_testkit::TestPlatform;
use tokio::sync::watch;

use crate::audit::{keys, other_account, seal, write};
use crate::counter::{account, meta};
use crate::note::{Note, NoteCommand};
use crate::readers::readable_to_the_end;

const OCTOBER: &str = "2026-10";

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

struct Log {
    t: TestPlatform,
    keys: AuditKeys,
    folder: tempfile::TempDir,
    october: Vec<String>,
}

impl Log {
    /// Two accounts with messages of October and November among other events; the first message of October gets an event in between.
    async fn start() -> Self {
        let t = TestPlatform::start().await;
        partitions::ensure(&t.database.pool, at("2026-10-05T12:00:00Z")).await.unwrap();
        let mut october = vec![];
        for round in 0..3 {
            write(&t.platform, 2).await;
            for (moment, is_october) in [("2026-10-20T12:00:00Z", true), ("2026-11-02T12:00:00Z", false)] {
                for theirs in [false, true] {
                    let id = t.platform.with_rng(|rng| MessageId::new(at(moment), rng)).to_string();
                    note(&t, &id, theirs).await;
                    october.extend(is_october.then_some(id));
                }
            }
            note(&t, &october[0].clone(), false).await;
            if round == 1 {
                seal(&t).await;
            }
        }
        seal(&t).await;
        let keys = keys(&t);
        Self { t, keys, folder: tempfile::tempdir().unwrap(), october }
    }

    fn job(&self, now: &str, drop: bool) -> Job<'_> {
        Job { pool: &self.t.database.pool, keys: &self.keys, now: at(now), folder: self.folder.path(), drop }
    }

    async fn archive(&self, drop: bool) -> Result<archive::Archived, ArchiveError> {
        archive::archive_month(&self.job("2026-12-05T00:00:00Z", drop), month(OCTOBER)).await
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("recado-messages-2026-10.jsonl.gz")
    }

    async fn checksum(&self) -> (i64, String) {
        sqlx::query_as("SELECT count(*), md5(string_agg(e::text, ';' ORDER BY e.txid, e.global_position)) FROM events e")
            .fetch_one(&self.t.database.pool)
            .await
            .unwrap()
    }

    async fn check(&self) -> audit::Checked {
        let checked = audit::check(&self.t.database.pool, &self.keys).await.unwrap();
        assert!(checked.findings.is_empty(), "{:?}", checked.findings);
        checked
    }
}

async fn note(t: &TestPlatform, id: &str, theirs: bool) -> Position {
    let mut meta = meta(&t.platform);
    if theirs {
        meta.account_id = other_account();
    }
    CommandBus::<Note>::new(t.platform.log.clone()).execute(id, NoteCommand::Write, meta).await.unwrap().position
}

type Change = fn(String) -> String;

/// The unpacked file, changed and packed again.
fn edited(from: &Path, to: &Path, change: impl Fn(String) -> String) {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(std::fs::File::open(from).unwrap()).read_to_string(&mut text).unwrap();
    let mut packed = flate2::write::GzEncoder::new(std::fs::File::create(to).unwrap(), flate2::Compression::fast());
    packed.write_all(change(text).as_bytes()).unwrap();
    packed.finish().unwrap();
}

#[tokio::test]
async fn a_month_leaves_is_proved_is_dropped_and_comes_back_as_it_was() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    let before = log.checksum().await;
    let whole = log.check().await;
    assert_eq!(whole.archived, 0);

    let archived = log.archive(false).await.unwrap();
    // Six messages; the first has three more events.
    assert_eq!((archived.state, archived.accounts, archived.messages, archived.events), (ArchiveState::Detached, 2, 6, 9));
    assert_eq!(log.checksum().await.0, before.0 - 9);
    let without = log.check().await;
    assert_eq!((without.events, without.archived), (whole.events, 9), "the chains verify without the events");
    let found = archive::whereabouts(pool, "message", &log.october[0]).await.unwrap().unwrap();
    assert_eq!(
        (found.month, found.state, found.file.as_str()),
        (month(OCTOBER), ArchiveState::Detached, "recado-messages-2026-10.jsonl.gz")
    );
    assert_eq!(archive::whereabouts(pool, "counter", &log.october[0]).await.unwrap(), None);
    assert_eq!(archive::months_with(pool, &["note.written", "x"]).await.unwrap(), [month(OCTOBER)]);
    assert!(archive::months_with(pool, &["counter.added"]).await.unwrap().is_empty());

    // An export made now shows the hash of what was archived, and verifies; the archive proves the content.
    let mut exporter = Exporter::begin(
        pool,
        &log.keys,
        account(),
        Period { from: None, until: None },
        Format::Jsonl,
        at("2026-12-05T00:00:00Z"),
    )
    .await
    .unwrap();
    let mut export = String::new();
    while let Some(piece) = exporter.next().await.unwrap() {
        export.push_str(&piece);
    }
    let verified = audit::verify(export.as_bytes(), Expected::default()).unwrap();
    assert_eq!(verified.archived, 6, "three messages of this account, one with three more events");
    let proved = archive::verify_file(&log.file(), Some(log.keys.public_key().unwrap())).unwrap();
    assert_eq!((proved.month, proved.accounts, proved.messages, proved.events), (month(OCTOBER), 2, 6, 9));
    assert!(archive::is_archive(&log.file()).unwrap());

    // What still comes for the month has a place, and stays there.
    let late = log.t.platform.with_rng(|rng| MessageId::new(at("2026-10-31T23:59:00Z"), rng)).to_string();
    note(&log.t, &late, false).await;
    seal(&log.t).await;

    let dropped = log.archive(true).await.unwrap();
    assert_eq!(dropped.state, ArchiveState::Dropped);
    let table: Option<String> =
        sqlx::query_scalar("SELECT to_regclass('archive.events_message_2026_10')::text").fetch_one(pool).await.unwrap();
    assert_eq!(table, None);
    assert_eq!(log.check().await.archived, 9);
    assert_eq!(log.archive(true).await.unwrap(), dropped, "archiving again changes nothing");
    assert!(archive::candidates(pool, month("2026-11")).await.unwrap().is_empty());

    let restored = archive::restore(pool, &log.keys, &log.file()).await.unwrap();
    assert_eq!((restored.events, restored.from_file), (9, true));
    assert_eq!(log.check().await.archived, 0, "and their absence would be a removal again");
    sqlx::query("DELETE FROM events WHERE aggregate_id = $1").bind(&late).execute(pool).await.unwrap();
    assert_eq!(log.checksum().await, before, "byte by byte, places in the log included");
    assert!(archive::whereabouts(pool, "message", &log.october[0]).await.unwrap().is_none());
    assert!(matches!(archive::restore(pool, &log.keys, &log.file()).await, Err(ArchiveError::NotArchived(_))));
}

#[tokio::test]
async fn a_detached_month_comes_back_from_its_table_and_a_removal_is_noticed_again() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    let before = log.checksum().await;
    log.archive(false).await.unwrap();
    let restored = archive::restore(pool, &log.keys, &log.file()).await.unwrap();
    assert!(!restored.from_file);
    assert_eq!(log.checksum().await, before);
    assert_eq!(log.check().await.archived, 0);
    sqlx::query("DELETE FROM events WHERE aggregate_id = $1 AND sequence = 2").bind(&log.october[0]).execute(pool).await.unwrap();
    assert_eq!(audit::check(pool, &log.keys).await.unwrap().findings.len(), 1);
    // A log that is not what was sealed is not archived as if it were.
    assert!(matches!(log.archive(true).await, Err(ArchiveError::Tampered(_) | ArchiveError::NotSealed(_))));
    assert!(archive::whereabouts(pool, "message", &log.october[0]).await.unwrap().is_none());
}

#[tokio::test]
async fn refuses_what_goes_on_what_is_not_sealed_and_what_somebody_has_not_read() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    let early = archive::archive_month(&log.job("2026-10-31T23:59:59Z", true), month(OCTOBER)).await;
    assert!(matches!(early, Err(ArchiveError::NotOver(_))), "{early:?}");
    let never = archive::archive_month(&log.job("2026-12-05T00:00:00Z", true), month("2024-01")).await;
    assert!(matches!(never, Err(ArchiveError::NoSuchMonth(_))), "{never:?}");

    sqlx::query("INSERT INTO projection (name) VALUES ('slow@1')").execute(pool).await.unwrap();
    let unread = log.archive(false).await.unwrap_err();
    assert!(matches!(&unread, ArchiveError::NotRead { name, .. } if name == "slow@1"), "{unread}");
    sqlx::query("DELETE FROM projection WHERE name = 'slow@1'").execute(pool).await.unwrap();

    note(&log.t, &log.october[0], false).await;
    let unsealed = log.archive(false).await.unwrap_err();
    assert!(matches!(unsealed, ArchiveError::NotSealed(_)), "{unsealed}");
    assert_eq!(reader::read_stream(pool, "message", &log.october[0], 0).await.unwrap().len(), 5, "nothing was moved");
    seal(&log.t).await;
    assert_eq!(archive::candidates(pool, month("2026-12")).await.unwrap(), [month(OCTOBER), month("2026-11")]);
    assert_eq!(log.archive(false).await.unwrap().events, 10);
}

#[tokio::test]
async fn whatever_is_done_to_the_file_is_noticed() {
    let log = Log::start().await;
    log.archive(true).await.unwrap();
    let forged = log.folder.path().join("forged.gz");
    let event = |line: &&str| line.starts_with("{\"ordinal\"") && line.contains("note.written");
    let changes: [(&str, Change); 6] = [
        ("changed", |text| text.replacen("\"door\":\"job\"", "\"door\":\"api\"", 1)),
        ("place", |text| text.replacen("{\"place\":[", "{\"place\":[1", 1)),
        ("month", |text| text.replacen("2026-10", "2026-09", 1)),
        ("cut", |text| text[..text.rfind("{\"archive_end\"").unwrap()].to_owned()),
        ("no account", |text| {
            let second = text.match_indices("{\"recado_audit\"").nth(1).unwrap().0;
            text[..text.find("{\"recado_audit\"").unwrap()].to_owned() + &text[second..]
        }),
        ("longer", |text| text + "x\n"),
    ];
    for (what, change) in changes {
        edited(&log.file(), &forged, change);
        let noticed = archive::verify_file(&forged, None).unwrap_err();
        assert!(matches!(noticed, ArchiveError::Broken { .. }), "{what}: {noticed}");
        assert!(archive::restore(&log.t.database.pool, &log.keys, &forged).await.is_err(), "{what}");
    }
    edited(&log.file(), &forged, |text| text);
    archive::verify_file(&forged, None).unwrap();
    let text = {
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(std::fs::File::open(log.file()).unwrap()).read_to_string(&mut text).unwrap();
        text
    };
    assert_eq!(text.lines().filter(event).count(), 9, "{text}");
    std::fs::write(&forged, b"no archive").unwrap();
    assert!(archive::verify_file(&forged, None).is_err());

    // Another installation's archive, sound in itself.
    let other = Log::start().await;
    other.archive(true).await.unwrap();
    let foreign = archive::restore(&log.t.database.pool, &log.keys, &other.file()).await.unwrap_err();
    assert!(foreign.to_string().contains("signed by another installation"), "{foreign}");
    while !readable_to_the_end(&log.t.database.pool).await {
        tokio::task::yield_now().await;
    }
    assert!(archive::restore(&log.t.database.pool, &log.keys, &log.file()).await.is_ok());
}

#[tokio::test]
async fn appends_go_on_while_a_month_is_archived() {
    let log = Log::start().await;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let platform = log.t.another_process();
    let writing = tokio::spawn(async move {
        let bus = CommandBus::<Note>::new(platform.log.clone());
        let (mut written, mut slowest) = (0, std::time::Duration::ZERO);
        while !*stopped.borrow() {
            let begun = std::time::Instant::now();
            let id = platform.with_rng(|rng| MessageId::new(at("2026-11-20T00:00:00Z"), rng)).to_string();
            bus.execute(&id, NoteCommand::Write, meta(&platform)).await.unwrap();
            slowest = slowest.max(begun.elapsed());
            written += 1;
        }
        (written, slowest)
    });
    log.archive(true).await.unwrap();
    archive::restore(&log.t.database.pool, &log.keys, &log.file()).await.unwrap();
    stop.send_replace(true);
    let (written, slowest) = writing.await.unwrap();
    assert!(written > 0);
    assert!(slowest < std::time::Duration::from_secs(5), "{slowest:?}");
    seal(&log.t).await;
    log.check().await;
}

/// Counts notes; with or without saying which row belongs to which message.
struct Notes {
    says_which: bool,
}

#[async_trait::async_trait]
impl Projection for Notes {
    fn name(&self) -> &'static str {
        "note@1"
    }
    fn event_types(&self) -> &'static [&'static str] {
        &["note.written"]
    }
    fn tables(&self) -> &'static [&'static str] {
        &["view_note"]
    }
    fn message_rows(&self) -> &'static [(&'static str, &'static str)] {
        if self.says_which { &[("view_note", "id")] } else { &[] }
    }
    async fn project(&self, batch: &[RecordedEvent], db: &mut sqlx::PgConnection) -> Result<(), ProjectionError> {
        for event in batch {
            sqlx::query("INSERT INTO view_note AS n VALUES ($1::uuid, 1) ON CONFLICT (id) DO UPDATE SET events = n.events + 1")
                .bind(&event.aggregate_id)
                .execute(&mut *db)
                .await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_read_model_that_is_built_anew_does_not_lose_what_was_archived() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    sqlx::query("CREATE TABLE view_note (id uuid PRIMARY KEY, events bigint NOT NULL)").execute(pool).await.unwrap();
    let notes: Arc<dyn Projection> = Arc::new(Notes { says_which: true });
    log.t.catch_up(std::slice::from_ref(&notes)).await;
    let shown = async || -> Vec<(uuid::Uuid, i64)> {
        sqlx::query_as("SELECT id, events FROM view_note ORDER BY id").fetch_all(pool).await.unwrap()
    };
    let before = shown().await;
    assert_eq!(before.len(), 12);
    log.archive(true).await.unwrap();

    let mute = Rebuild::new(log.t.platform.log.clone(), Arc::new(Notes { says_which: false }), "test").unwrap();
    let refused = mute.run(watch::channel(false).1, |_| {}).await.unwrap_err();
    assert!(matches!(&refused, RebuildError::Archived { months, .. } if months == OCTOBER), "{refused}");
    assert_eq!(shown().await, before, "nothing was touched");

    let rebuild = Rebuild::new(log.t.platform.log.clone(), notes, "test").unwrap();
    rebuild.run(watch::channel(false).1, |_| {}).await.unwrap();
    assert_eq!(shown().await, before, "the archived months are taken over");
}

#[tokio::test]
async fn only_one_run_archives_or_restores_at_a_time() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    let archived = log.archive(false).await.unwrap();
    let mut other = pool.acquire().await.unwrap();
    let lock: i64 = 0x7265_6361_646f_0002;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(lock).execute(&mut *other).await.unwrap();
    assert!(matches!(log.archive(true).await, Err(ArchiveError::Busy)));
    assert!(matches!(archive::restore(pool, &log.keys, &log.file()).await, Err(ArchiveError::Busy)));
    assert_eq!(archive::list(pool).await.unwrap(), [archived]);
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(lock).execute(&mut *other).await.unwrap();
    // Each lets go of it, a refused one as well.
    assert!(archive::archive_month(&log.job("2026-10-05T00:00:00Z", true), month("2026-11")).await.is_err());
    assert_eq!(log.archive(true).await.unwrap().state, ArchiveState::Dropped);
    archive::restore(pool, &log.keys, &log.file()).await.unwrap();
}

#[tokio::test]
async fn a_file_that_may_be_the_only_copy_is_never_written_over() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    log.archive(true).await.unwrap();
    let only_copy = std::fs::read(log.file()).unwrap();
    // As for a run that does not know that the month has left: its partition is empty.
    sqlx::query("DELETE FROM message_archive").execute(pool).await.unwrap();
    let refused = log.archive(true).await.unwrap_err();
    assert!(matches!(refused, ArchiveError::Nothing(_)), "{refused}");
    assert_eq!(std::fs::read(log.file()).unwrap(), only_copy);

    // Another installation that writes to the same folder.
    let other = Log::start().await;
    let job = Job { folder: log.folder.path(), ..other.job("2026-12-05T00:00:00Z", true) };
    let refused = archive::archive_month(&job, month(OCTOBER)).await.unwrap_err();
    assert!(matches!(refused, ArchiveError::InTheWay { .. }), "{refused}");
    assert_eq!(std::fs::read(log.file()).unwrap(), only_copy);
    other.archive(false).await.unwrap();
    // Its own may be: the month is back in the log.
    archive::restore(&other.t.database.pool, &other.keys, &other.file()).await.unwrap();
    assert_eq!(other.archive(true).await.unwrap().state, ArchiveState::Dropped);
}

/// Something happens in the database at that moment.
async fn on(pool: &sqlx::PgPool, moment: &str, happens: &str) {
    let statements = format!(
        "CREATE FUNCTION meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {happens}; RETURN NEW; END $$;
         CREATE TRIGGER meanwhile {moment} EXECUTE FUNCTION meanwhile();"
    );
    sqlx::raw_sql(&statements).execute(pool).await.unwrap();
}

async fn never_again(pool: &sqlx::PgPool) {
    sqlx::raw_sql("DROP FUNCTION meanwhile() CASCADE").execute(pool).await.unwrap();
}

#[tokio::test]
async fn a_month_that_somebody_begins_to_read_while_its_file_is_written_stays() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    let before = log.checksum().await;
    let noted = "AFTER UPDATE ON message_archive FOR EACH ROW WHEN (NEW.state = 'written')";
    on(pool, noted, "INSERT INTO projection (name) VALUES ('note@1/rebuild')").await;
    let refused = log.archive(true).await.unwrap_err();
    assert!(matches!(&refused, ArchiveError::NotRead { name, .. } if name == "note@1/rebuild"), "{refused}");
    assert_eq!(log.checksum().await, before);
    never_again(pool).await;
    sqlx::query("DELETE FROM projection WHERE name = 'note@1/rebuild'").execute(pool).await.unwrap();
    assert_eq!(log.archive(true).await.unwrap().events, 9);
}

#[tokio::test]
async fn a_month_that_leaves_while_a_rebuild_begins_is_taken_over() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    sqlx::query("CREATE TABLE view_note (id uuid PRIMARY KEY, events bigint NOT NULL)").execute(pool).await.unwrap();
    let notes: Arc<dyn Projection> = Arc::new(Notes { says_which: true });
    log.t.catch_up(std::slice::from_ref(&notes)).await;
    log.archive(true).await.unwrap();
    // Not out yet at the rebuild's first look, out when its checkpoint is stored.
    sqlx::query("UPDATE message_archive SET state = 'written'").execute(pool).await.unwrap();
    let stored = "AFTER INSERT ON projection FOR EACH ROW WHEN (NEW.name = 'note@1/rebuild')";
    on(pool, stored, "UPDATE message_archive SET state = 'dropped'").await;
    let rebuild = Rebuild::new(log.t.platform.log.clone(), notes, "test").unwrap();
    rebuild.run(watch::channel(false).1, |_| {}).await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM view_note").fetch_one(pool).await.unwrap();
    assert_eq!(rows, 12, "six messages of each month");
}

#[tokio::test]
async fn a_restore_that_was_cut_off_before_the_marks_were_gone_goes_on() {
    let log = Log::start().await;
    let pool = &log.t.database.pool;
    let before = log.checksum().await;
    log.archive(true).await.unwrap();
    sqlx::query("INSERT INTO projection (name) VALUES ('note@1/rebuild')").execute(pool).await.unwrap();
    on(pool, "BEFORE UPDATE ON audit_archived FOR EACH ROW", "RAISE EXCEPTION 'cut off'").await;
    let cut_off = archive::restore(pool, &log.keys, &log.file()).await.unwrap_err();
    assert!(cut_off.to_string().contains("cut off"), "{cut_off}");
    never_again(pool).await;

    assert_eq!(log.checksum().await, before, "the events are back");
    let listed = archive::list(pool).await.unwrap();
    assert_eq!((listed.len(), listed[0].state, listed[0].is_out()), (1, ArchiveState::Restoring, false));
    assert_eq!(archive::whereabouts(pool, "message", &log.october[0]).await.unwrap(), None);
    assert!(archive::months_with(pool, &[]).await.unwrap().is_empty(), "a read model can be built anew from the log");
    let rebuilds: i64 =
        sqlx::query_scalar("SELECT count(*) FROM projection WHERE role = 'rebuild'").fetch_one(pool).await.unwrap();
    assert_eq!(rebuilds, 0, "one that took the month over would count it twice: it begins anew");

    archive::restore(pool, &log.keys, &log.file()).await.unwrap();
    assert!(archive::list(pool).await.unwrap().is_empty());
    assert_eq!(log.checksum().await, before);
    sqlx::query("DELETE FROM events WHERE aggregate_id = $1 AND sequence = 2").bind(&log.october[0]).execute(pool).await.unwrap();
    assert_eq!(audit::check(pool, &log.keys).await.unwrap().findings.len(), 1, "a removal is one again");
}
