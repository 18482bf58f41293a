//! docs/operations/backup.md, walked through: every command line of it is run here as it stands there.

use std::path::{Path, PathBuf};
use std::process::Command;

use recado_postgres::{Cluster, Durability};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::journey::{PHONE, get, send};
use crate::program::{Customer, Installation, Server, eventually, said};

const HANDBOOK: &str = include_str!("../../../docs/operations/backup.md");

/// The handbook must say what is done here.
fn in_the_handbook(line: &str) {
    assert!(HANDBOOK.contains(line), "docs/operations/backup.md does not say `{line}`");
}

async fn message(customer: &Customer, server: &Server, text: &str) {
    let base = customer.base(server);
    let (status, sent) =
        send(reqwest::Method::POST, &format!("{base}/send-text"), &json!({"phone": "5562988887777", "message": text})).await;
    assert_eq!(status, 200, "{sent}");
    eventually("an empty queue", || async { (get(&format!("{base}/queue/count")).await.1 == json!({"count": 0})).then_some(()) })
        .await;
}

async fn pool_of(data: &Path) -> (Cluster, PgPool) {
    let folder = data.join("postgres");
    let cluster = tokio::task::spawn_blocking(move || Cluster::start(&folder, Durability::Full)).await.unwrap().unwrap();
    let pool = PgPool::connect(&cluster.url()).await.unwrap();
    (cluster, pool)
}

/// Count and checksum of everything up to a position, and the largest position.
async fn checksum(pool: &PgPool, up_to: i64) -> (i64, String, i64) {
    sqlx::query_as(
        "SELECT count(*), md5(string_agg(e::text, ';' ORDER BY e.txid, e.global_position)), max(e.global_position)
           FROM events e WHERE e.global_position <= $1",
    )
    .bind(up_to)
    .fetch_one(pool)
    .await
    .unwrap()
}

fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn elsewhere(installation: &Installation, name: &str) -> (Installation, PathBuf) {
    let folder = installation.folder.path().join(name);
    (Installation::with_private_postgres(), folder)
}

/// Servers, projections, seals go on: a message is sent, everything has been read, nothing is broken.
async fn goes_on(installation: &Installation, customer: &Customer, first_checksum: &(i64, String, i64)) {
    let server = installation.serve(&[]);
    message(customer, &server, "depois da volta").await;
    let (cluster, pool) = pool_of(&installation.data()).await;
    assert_eq!(&checksum(&pool, first_checksum.2).await, first_checksum, "the old events are what they were");
    eventually("all projections at the end", || async {
        let behind: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM projection p, (SELECT txid, global_position FROM events ORDER BY txid DESC, global_position DESC LIMIT 1) e
              WHERE (p.txid, p.position) < (e.txid, e.global_position) OR p.status <> 'running'",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        (behind == 0).then_some(())
    })
    .await;
    let newest = checksum(&pool, i64::MAX).await;
    assert!(newest.0 > first_checksum.0);
    pool.close().await;
    server.terminate();
    drop(cluster);
    let doctor = installation.run(&["doctor"]);
    assert_eq!(doctor.code, Some(0), "{}{}", doctor.stdout, doctor.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_physical_copy_of_a_running_installation_is_put_back_elsewhere() {
    let installation = Installation::with_private_postgres();
    let customer = Customer::create(&installation, "a@example.com");
    let server = installation.serve(&[]);
    installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", PHONE]);
    message(&customer, &server, "antes da cópia").await;

    let (restored, copy) = elsewhere(&installation, "copy");
    let copy_text = copy.to_string_lossy().into_owned();
    in_the_handbook("recado backup create --to");
    let said = installation.run(&["backup", "create", "--to", &copy_text]);
    assert_eq!(said.code, Some(0), "{}", said.stderr);
    assert!(said.stderr.contains("master.key"), "it is said that the key is missing: {}", said.stderr);
    assert!(!copy.join("master.key").exists());
    assert_eq!(installation.run(&["backup", "create", "--to", &copy_text]).code, Some(2), "never over another copy");
    // Comes after the copy and is not in it.
    message(&customer, &server, "depois da cópia").await;

    in_the_handbook("recado backup restore --from");
    let back: Value = restored.json(&["backup", "restore", "--from", &copy_text]);
    assert_eq!(back["key"], json!(false));
    // Nothing is made up in its place: without the key it does not start.
    let refused = restored.run(&["doctor"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("master.key"), "{}", refused.stderr);
    assert!(!restored.data().join("master.key").exists());
    std::fs::copy(installation.data().join("master.key"), restored.data().join("master.key")).unwrap();

    let (first_cluster, first_pool) = pool_of(&installation.data()).await;
    let (second_cluster, second_pool) = pool_of(&restored.data()).await;
    let kept = checksum(&second_pool, i64::MAX).await;
    assert!(kept.0 > 0);
    assert_eq!(kept, checksum(&first_pool, kept.2).await);
    assert!(checksum(&first_pool, i64::MAX).await.0 > kept.0);
    first_pool.close().await;
    second_pool.close().await;
    drop((first_cluster, second_cluster));
    server.terminate();
    goes_on(&restored, &customer, &kept).await;

    with_key_is_refused(&installation).await;
    let (with_key, folder) = elsewhere(&installation, "with key");
    let folder = folder.to_string_lossy().into_owned();
    in_the_handbook("--with-key");
    assert_eq!(installation.run(&["backup", "create", "--with-key", "--to", &folder]).code, Some(0));
    assert_eq!(with_key.json(&["backup", "restore", "--from", &folder])["key"], json!(true));
    assert_eq!(with_key.run(&["doctor"]).code, Some(0));

    // A key that was there before is not reported as restored.
    let (own_key, _) = elsewhere(&installation, "own key");
    std::fs::create_dir_all(own_key.data()).unwrap();
    std::fs::copy(installation.data().join("master.key"), own_key.data().join("master.key")).unwrap();
    assert_eq!(own_key.json(&["backup", "restore", "--from", &copy_text])["key"], json!(false));
}

/// No copy with a key that may not be the one that opens it.
async fn with_key_is_refused(installation: &Installation) {
    let to = installation.folder.path().join("refused");
    let create = ["backup", "create", "--with-key", "--to", to.to_str().unwrap()];
    let key = std::fs::read_to_string(installation.data().join("master.key")).unwrap();
    let from_environment = said(installation.command(&create).env("RECADO_MASTER_KEY", key.trim()));
    assert_eq!(from_environment.code, Some(2), "{}", from_environment.stderr);
    assert!(from_environment.stderr.contains("comes from RECADO_MASTER_KEY"), "{}", from_environment.stderr);

    let (cluster, pool) = pool_of(&installation.data()).await;
    let mut rotating = pool.acquire().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)").bind(0x5265_6361_646f_i64).execute(&mut *rotating).await.unwrap();
    let meanwhile = installation.run(&create);
    assert_eq!(meanwhile.code, Some(2), "{}", meanwhile.stderr);
    assert!(meanwhile.stderr.contains("is being exchanged"), "{}", meanwhile.stderr);
    assert!(!to.exists());
    drop(rotating);
    pool.close().await;
    drop(cluster);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_is_restored_into_a_younger_cluster_repaired_and_goes_on() {
    let installation = Installation::with_private_postgres();
    let customer = Customer::create(&installation, "a@example.com");
    let server = installation.serve(&[]);
    installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", PHONE]);
    let (cluster, pool) = pool_of(&installation.data()).await;
    // An installation that has lived for a while.
    sqlx::raw_sql("DO $$ BEGIN FOR i IN 1..20000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
        .execute(&pool)
        .await
        .unwrap();
    message(&customer, &server, "antes do dump").await;
    let dump = installation.folder.path().join("recado.sql");
    let dump = dump.to_string_lossy();
    in_the_handbook("pg_dump --no-owner --file recado.sql \"$DATABASE_URL\"");
    run("pg_dump", &["--no-owner", "--file", &dump, &cluster.url()]);

    let restored = Installation::with_private_postgres();
    let (young, young_pool) = {
        let folder = restored.data().join("postgres");
        let cluster = tokio::task::spawn_blocking(move || Cluster::start(&folder, Durability::Full)).await.unwrap().unwrap();
        let pool = PgPool::connect(&cluster.url()).await.unwrap();
        (cluster, pool)
    };
    in_the_handbook("psql --set ON_ERROR_STOP=1 --single-transaction --quiet --file recado.sql \"$NEW_DATABASE_URL\"");
    run("psql", &["-X", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--quiet", "--file", &dump, &young.url()]);
    in_the_handbook("cp old/master.key new/master.key");
    std::fs::copy(installation.data().join("master.key"), restored.data().join("master.key")).unwrap();
    let kept = checksum(&young_pool, i64::MAX).await;
    assert_eq!(kept, checksum(&pool, kept.2).await);
    pool.close().await;
    drop(cluster);
    server.terminate();

    let refused = restored.run(&["doctor"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("recado log repair --yes"), "{}", refused.stderr);
    let asked = restored.run(&["log", "repair"]);
    assert_eq!(asked.code, Some(2));
    assert!(asked.stderr.contains("--yes"), "{}", asked.stderr);
    // A server that holds on to the database is in the way.
    let options = young_pool.connect_options().as_ref().clone().application_name("recado");
    let other = PgPool::connect_with(options).await.unwrap();
    assert_eq!(restored.run(&["log", "repair", "--yes"]).code, Some(2));
    other.close().await;
    in_the_handbook("recado log repair --yes");
    assert_eq!(restored.json(&["log", "repair", "--yes"])["repaired"], json!(true));
    assert_eq!(restored.json(&["log", "repair", "--yes"])["repaired"], json!(false));
    young_pool.close().await;
    drop(young);
    goes_on(&restored, &customer, &kept).await;
}
