//! `recado audit`: an export leaves the installation and is proved without it.

use std::path::Path;

use serde_json::Value;

use crate::program::{Customer, Installation, Said, recado, said};

/// Where nothing of the installation can be reached.
fn verify(file: &Path, arguments: &[&str]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("nowhere");
    let said = said(
        recado()
            .env("RECADO_DATA", &data)
            .env("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")
            .args(["audit", "verify"])
            .arg(file)
            .args(arguments),
    );
    assert!(!data.exists(), "verify made a data folder");
    said
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_written_proved_and_its_first_broken_line_named() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let folder = tempfile::tempdir().unwrap();
    let key = installation.json(&["audit", "key"])["public_key"].as_str().unwrap().to_owned();
    for format in ["jsonl", "csv"] {
        let file = folder.path().join(format!("history.{format}"));
        let path = file.to_str().unwrap();
        let export = ["audit", "export", "--account", &customer.account, "--format", format, "--out", path];
        // Other tests' open transactions hold the sealing back: ask again until everything is in it.
        let written = loop {
            drop(std::fs::remove_file(&file));
            let written = installation.json(&export);
            if written["events"].as_i64().unwrap() >= 3 {
                break written;
            }
        };
        assert_eq!(written["first_ordinal"], 1);
        assert_eq!(installation.run(&export).code, Some(2), "a file that is there is not written over");

        let proved = verify(&file, &["--public-key", &key, "--json"]);
        assert_eq!(proved.code, Some(0), "{}", proved.stderr);
        let answer: Value = serde_json::from_str(&proved.stdout).unwrap();
        assert_eq!((&answer["valid"], &answer["account"]), (&Value::Bool(true), &Value::from(customer.account.clone())));
        let head = answer["head"].as_str().unwrap();
        assert_eq!(verify(&file, &["--head", head]).code, Some(0));
        assert_eq!(verify(&file, &["--head", &"0".repeat(64)]).code, Some(2));
        assert_eq!(verify(&file, &["--public-key", &"0".repeat(64)]).code, Some(2));

        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replacen("instance.created", "instance.createD", 1)).unwrap();
        let broken = verify(&file, &["--json"]);
        assert_eq!(broken.code, Some(2));
        let answer: Value = serde_json::from_str(&broken.stdout).unwrap();
        let line = 1 + text.lines().position(|line| line.contains("instance.created")).unwrap();
        assert_eq!((&answer["valid"], answer["line"].as_u64()), (&Value::Bool(false), u64::try_from(line).ok()));
        assert!(broken.stderr.contains(&format!("line {line}: the event was changed")), "{}", broken.stderr);
    }
    for refused in [
        vec!["audit", "export", "--account", "nonsense"],
        vec!["audit", "export", "--account", "00000000-0000-0000-0000-000000000001"],
        vec!["audit", "export", "--account", &customer.account, "--from", "yesterday"],
        vec!["audit", "export", "--account", &customer.account, "--from", "2026-10-02", "--to", "2026-10-01"],
        vec!["audit", "export", "--account", &customer.account, "--format", "xml"],
        vec!["audit", "check", "--account", "nonsense"],
    ] {
        let said = installation.run(&refused);
        assert_eq!((said.code, said.stdout.as_str()), (Some(2), ""), "{refused:?}: {}", said.stderr);
    }
    let missing = verify(&folder.path().join("missing"), &[]);
    assert_eq!(missing.code, Some(2), "{}", missing.stderr);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_is_checked_and_the_key_published() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let sound = installation.json(&["audit", "check"]);
    assert_eq!(sound["findings"], serde_json::json!([]));
    let server = installation.serve(&[]);
    let published: Value =
        reqwest::get(format!("{}/.well-known/recado-audit.json", server.url)).await.unwrap().json().await.unwrap();
    assert_eq!(published, installation.json(&["audit", "key"]));
    let file = tempfile::NamedTempFile::new().unwrap();
    let exported = installation.run(&["audit", "export", "--account", &customer.account]);
    std::fs::write(file.path(), exported.stdout).unwrap();
    let key = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(key.path(), published.to_string()).unwrap();
    let proved = verify(file.path(), &["--public-key", key.path().to_str().unwrap()]);
    assert_eq!(proved.code, Some(0), "{}{}", proved.stdout, proved.stderr);

    let pool = sqlx::PgPool::connect(installation.database_url.as_ref().unwrap()).await.unwrap();
    let sealed = crate::program::eventually("the seal of every event", || async {
        let left: i64 = sqlx::query_scalar("SELECT (SELECT count(*) FROM events) - (SELECT sum(count) FROM audit_seal)::bigint")
            .fetch_one(&pool)
            .await
            .unwrap();
        (left == 0).then_some(())
    });
    sealed.await;
    sqlx::query("UPDATE events SET actor = 'system:nobody' WHERE event_type = 'instance.created'").execute(&pool).await.unwrap();
    let tampered = installation.run(&["audit", "check", "--json"]);
    assert_eq!(tampered.code, Some(2));
    assert!(tampered.stderr.contains("was changed: instance/"), "{}", tampered.stderr);
}
