//! `recado projections` beside running servers, killed and continued.

use std::process::Stdio;

use serde_json::{Value, json};
use sqlx::PgPool;

use crate::journey::send;
use crate::program::{Customer, Installation, eventually};

fn status_of(installation: &Installation, name: &str) -> Value {
    let status = installation.json(&["projections", "status"]);
    status["projections"].as_array().unwrap().iter().find(|status| status["name"] == name).unwrap().clone()
}

async fn names(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar("SELECT name FROM view_instance ORDER BY name").fetch_all(pool).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_is_killed_continued_rolled_back_and_forgotten_while_a_server_runs() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let server = installation.serve(&[]);
    let pool = PgPool::connect(installation.database_url.as_deref().unwrap()).await.unwrap();
    // A reader that does not let go of the table: the rebuild is built, but cannot be put in place.
    let mut reader = pool.begin().await.unwrap();
    sqlx::query("SELECT 1 FROM view_instance").execute(&mut *reader).await.unwrap();
    let mut rebuild = installation
        .command(&["projections", "rebuild", "instance@1"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    eventually("the shadow to be filled", || async {
        let there: Option<String> =
            sqlx::query_scalar("SELECT to_regclass('rebuild_instance_1.view_instance')::text").fetch_one(&pool).await.unwrap();
        let filled: Option<i64> = match there {
            Some(_) => sqlx::query_scalar("SELECT count(*) FROM rebuild_instance_1.view_instance")
                .fetch_optional(&pool)
                .await
                .unwrap_or_default(),
            None => None,
        };
        filled.filter(|rows| *rows > 0)
    })
    .await;
    rebuild.kill().unwrap();
    rebuild.wait().unwrap();
    assert!(status_of(&installation, "instance@1")["rebuild"].is_object(), "what was built is kept");
    // Nobody else begins while the dead one may still be alive.
    let busy = installation.run(&["projections", "rebuild", "instance@1"]);
    assert_eq!(busy.code, Some(2), "{}", busy.stderr);
    assert!(busy.stderr.contains("is being rebuilt by"), "{}", busy.stderr);
    // The server goes on meanwhile.
    let base = customer.base(&server);
    let (code, _) = send(reqwest::Method::PUT, &format!("{base}/update-name"), &json!({"value": "Renomeada"})).await;
    assert_eq!(code, 200);
    eventually("the new name", || async { (names(&pool).await == ["Renomeada"]).then_some(()) }).await;
    // Time passes, the reader goes.
    sqlx::query("UPDATE lease SET expires_at = clock_timestamp() WHERE name LIKE 'rebuild %'").execute(&pool).await.unwrap();
    drop(reader);
    let done = installation.json(&["projections", "rebuild", "instance@1"]);
    assert_eq!(done["rebuilt"], true);
    assert_eq!(names(&pool).await, ["Renomeada"]);
    let (code, _) = send(reqwest::Method::PUT, &format!("{base}/update-name"), &json!({"value": "Outra"})).await;
    assert_eq!(code, 200);
    eventually("the server to feed the new table", || async { (names(&pool).await == ["Outra"]).then_some(()) }).await;
    installation.json(&["projections", "rollback", "instance@1"]);
    eventually("the old table to catch up", || async { (names(&pool).await == ["Outra"]).then_some(()) }).await;
    assert!(status_of(&installation, "instance@1")["retired"].is_object());
    installation.json(&["projections", "forget", "instance@1"]);
    assert!(status_of(&installation, "instance@1")["retired"].is_null());
    server.terminate();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_done_is_said_in_a_sentence() {
    let installation = Installation::on_shared_postgres().await;
    Customer::create(&installation, "a@example.com");
    for (arguments, sentence) in [
        (["projections", "rebuild", "webhook_outbox@1"], "is a reactor"),
        (["projections", "rebuild", "nothing@1"], "there is no projection"),
        (["projections", "rollback", "instance@1"], "has no retired tables"),
        (["projections", "forget", "instance@1"], "has no retired tables"),
        (["work", "revive", "00000000-0000-0000-0000-000000000001"], "there is no dead letter"),
        (["work", "discard", "nonsense"], "invalid value"),
    ] {
        let said = installation.run(&arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}: {}{}", said.stdout, said.stderr);
        assert!(said.stderr.contains(sentence), "{arguments:?}: {}", said.stderr);
    }
    let lines = installation.run(&["projections", "status"]).stdout;
    assert!(lines.contains("instance@1") && lines.contains("up to date"), "{lines}");
    assert!(installation.json(&["work", "status"])["topics"].is_array());
    assert_eq!(installation.json(&["work", "dead"]), json!({"dead_letters": []}));
}
