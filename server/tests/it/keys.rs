//! The installation key is exchanged: beside a running server, after kills at the worst moments, from a file and from the environment.

use std::path::PathBuf;

use recado_testkit::Receiver;
use serde_json::json;

use crate::journey::{PHONE, send};
use crate::program::{Customer, Installation, eventually, said};

const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const NEW: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

/// Any command that opens the vault and changes nothing.
const OPENS: [&str; 3] = ["month", "preview", "2026-01"];

fn key_file(installation: &Installation) -> PathBuf {
    installation.data().join("master.key")
}

fn key(installation: &Installation) -> String {
    std::fs::read_to_string(key_file(installation)).unwrap()
}

async fn pool(installation: &Installation) -> sqlx::PgPool {
    sqlx::PgPool::connect(installation.database_url.as_deref().unwrap()).await.unwrap()
}

async fn generations(pool: &sqlx::PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM vault_root").fetch_one(pool).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_server_goes_on_and_only_the_new_key_starts_another() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let receiver = Receiver::start().await;
    let server = installation.serve(&[]);
    let base = customer.base(&server);
    send(reqwest::Method::PUT, &format!("{base}/update-webhook-delivery"), &json!({"value": receiver.url()})).await;
    let text = |to: &str| json!({"phone": to, "message": "antes e depois"});
    let accepted = |answer: (u16, serde_json::Value)| assert_eq!(answer.0, 200, "{}", answer.1);
    accepted(send(reqwest::Method::POST, &format!("{base}/send-text"), &text("5562988880001")).await);
    let old = key(&installation);
    let rotated = installation.json(&["vault", "rotate", "--generate", "--notice", "7"]);
    assert_eq!((&rotated["generation"], &rotated["resumed"]), (&json!(1), &json!(false)));
    assert!(rotated["subject_keys"].as_u64() >= Some(2) && rotated["contents"] == json!(1), "{rotated}");
    assert_ne!(key(&installation), old);
    let kept = PathBuf::from(rotated["old_key"].as_str().unwrap());
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), old);
    // The server never saw the new installation key.
    accepted(send(reqwest::Method::POST, &format!("{base}/send-text"), &text("5562988880002")).await);
    installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", PHONE]);
    let phones = || receiver.received().into_iter().map(|request| request.body["phone"].clone()).collect::<Vec<_>>();
    eventually("both deliveries", || async { (phones() == [json!("5562988880001"), json!("5562988880002")]).then_some(()) })
        .await;
    server.terminate();
    let restarted = installation.serve(&[]);
    accepted(send(reqwest::Method::POST, &format!("{}/send-text", customer.base(&restarted)), &text("5562988880001")).await);
    eventually("the third delivery", || async { (phones().len() == 3).then_some(()) }).await;
    restarted.terminate();
    std::fs::copy(&kept, key_file(&installation)).unwrap();
    let refused = installation.run(&OPENS);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("key"), "{}", refused.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_rotation_goes_on_where_it_stopped() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let pool = pool(&installation).await;
    let mut rotating = installation.command(&["vault", "rotate", "--generate", "--notice", "600"]).spawn().unwrap();
    eventually("the new generation", || async { (generations(&pool).await == 2).then_some(()) }).await;
    let busy = installation.run(&["vault", "rotate", "--generate", "--notice", "0"]);
    assert!(busy.code == Some(2) && busy.stderr.contains("another rotation"), "{}", busy.stderr);
    rotating.kill().unwrap();
    rotating.wait().unwrap();
    let doctor = installation.run(&["doctor"]);
    assert!(doctor.stdout.contains("rotation was not finished"), "{}{}", doctor.stdout, doctor.stderr);
    let resumed = eventually("the dead one's lock is free", || async {
        let resumed = installation.run(&["vault", "rotate", "--generate", "--notice", "0", "--json"]);
        (resumed.code == Some(0)).then_some(resumed.stdout)
    })
    .await;
    let resumed: serde_json::Value = serde_json::from_str(&resumed).unwrap();
    assert_eq!((&resumed["resumed"], &resumed["generation"]), (&json!(true), &json!(1)));
    assert!(!installation.run(&["doctor"]).stdout.contains("rotation was not finished"));
    installation.json(&["instance", "create", "--account", &customer.account, "--name", "Depois"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_between_the_database_and_the_file_is_mended_by_the_next_start() {
    let installation = Installation::on_shared_postgres().await;
    Customer::create(&installation, "a@example.com");
    let old = key(&installation);
    installation.json(&["vault", "rotate", "--generate", "--notice", "0"]);
    // As it lies when the process dies right after the database's commit.
    let new = key(&installation);
    std::fs::write(installation.data().join("master.key.next"), &new).unwrap();
    std::fs::write(key_file(&installation), &old).unwrap();
    assert_eq!(installation.run(&OPENS).code, Some(0));
    assert_eq!(key(&installation), new, "the next start put it in place");
    // And right before the commit: the draft is of no use and does no harm.
    std::fs::write(installation.data().join("master.key.next"), &old).unwrap();
    assert_eq!(installation.run(&OPENS).code, Some(0));
    assert_eq!(key(&installation), new);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_in_the_environment_is_exchanged_by_whoever_keeps_it() {
    let installation = Installation::on_shared_postgres().await;
    let with = |present: &str, next: Option<&str>, args: &[&str]| {
        let mut command = installation.command(args);
        command.env("RECADO_MASTER_KEY", present);
        if let Some(next) = next {
            command.env("RECADO_NEW_MASTER_KEY", next);
        }
        said(&mut command)
    };
    assert_eq!(with(OLD, None, &OPENS).code, Some(0));
    for (next, args, hint) in [
        (None, vec!["vault", "rotate", "--generate"], "openssl rand"),
        (None, vec!["vault", "rotate"], "--generate"),
        (Some(OLD), vec!["vault", "rotate"], "present key"),
        (Some("short"), vec!["vault", "rotate"], "32 bytes"),
        (None, vec!["vault", "rotate", "--new-key", "/no/such/file"], "/no/such/file"),
    ] {
        let refused = with(OLD, next, &args);
        assert!(refused.code == Some(2) && refused.stderr.contains(hint), "{args:?}: {}", refused.stderr);
        assert!(!refused.stderr.contains(OLD) && !refused.stderr.contains(NEW), "a key on the screen");
    }
    let rotated = with(OLD, Some(NEW), &["vault", "rotate", "--notice", "0"]);
    assert!(rotated.code == Some(0) && rotated.stdout.contains("set RECADO_MASTER_KEY"), "{}{}", rotated.stdout, rotated.stderr);
    assert_eq!(with(OLD, None, &OPENS).code, Some(2));
    assert_eq!(with(NEW, None, &OPENS).code, Some(0));
    assert!(!key_file(&installation).exists());
}
