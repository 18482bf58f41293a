//! What must survive: a killed server, a stopped database, an ordered stop.

use recado_postgres::{Cluster, Durability};
use recado_testkit::Receiver;
use serde_json::json;

use crate::journey::{PHONE, get, send};
use crate::program::{Customer, Installation, eventually, exists};

fn delivered(receiver: &Receiver) -> Vec<String> {
    let mut ids: Vec<String> = vec![];
    for request in receiver.received() {
        let id = request.body["messageId"].as_str().unwrap_or_default().to_owned();
        if request.body["type"] == "DeliveryCallback" && !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_between_acceptance_and_sending_sends_once_after_restart() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let receiver = Receiver::start().await;
    let server = installation.serve(&[]);
    let base = customer.base(&server);
    send(reqwest::Method::PUT, &format!("{base}/update-webhook-delivery"), &json!({"value": receiver.url()})).await;
    let mut accepted = vec![];
    for n in 0..10 {
        let (status, sent) = send(
            reqwest::Method::POST,
            &format!("{base}/send-text"),
            &json!({"phone": "5562988887777", "message": format!("mensagem {n}")}),
        )
        .await;
        assert_eq!(status, 200);
        accepted.push(sent["messageId"].as_str().unwrap().to_owned());
        if n == 4 {
            // From here on messages go out while more come in.
            installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", PHONE]);
        }
    }
    server.kill();
    let restarted = installation.serve(&[]);
    eventually("all deliveries", || async { (delivered(&receiver).len() == accepted.len()).then_some(()) }).await;
    let mut seen = delivered(&receiver);
    seen.sort();
    let mut wanted = accepted.clone();
    wanted.sort();
    assert_eq!(seen, wanted);
    let pool = sqlx::PgPool::connect(installation.database_url.as_deref().unwrap()).await.unwrap();
    let on_the_phone: Vec<String> =
        sqlx::query_scalar("SELECT wire_id FROM sim_message ORDER BY seq").fetch_all(&pool).await.unwrap();
    assert_eq!(on_the_phone, accepted, "the virtual phone saw each once, in order");
    restarted.terminate();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_may_stop_and_come_back() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    // As in production: an immediate stop may lose nothing that was committed.
    let cluster = Cluster::start(&folder.path().join("pg"), Durability::Full).unwrap();
    let installation = Installation::on(&cluster.url());
    let customer = Customer::create(&installation, "a@example.com");
    installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", PHONE]);
    let receiver = Receiver::start().await;
    let server = installation.serve(&[]);
    let base = customer.base(&server);
    send(reqwest::Method::PUT, &format!("{base}/update-webhook-delivery"), &json!({"value": receiver.url()})).await;
    let message = json!({"phone": "5562988887777", "message": "olá"});
    assert_eq!(send(reqwest::Method::POST, &format!("{base}/send-text"), &message).await.0, 200);
    cluster.stop_now("immediate").unwrap();
    assert_eq!(send(reqwest::Method::POST, &format!("{base}/send-text"), &message).await.0, 503);
    assert_eq!(get(&format!("{base}/status")).await.0, 503);
    assert_eq!(
        reqwest::get(format!("{}/entrar", server.url)).await.unwrap().status(),
        200,
        "pages that need no database still answer"
    );
    cluster.start_again().unwrap();
    eventually("recovery", || async {
        (send(reqwest::Method::POST, &format!("{base}/send-text"), &message).await.0 == 200).then_some(())
    })
    .await;
    eventually("both deliveries", || async { (delivered(&receiver).len() >= 2).then_some(()) }).await;
    server.terminate();
    cluster.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_postgresql_starts_and_stops_with_the_server() {
    let installation = Installation::with_private_postgres();
    let server = installation.serve(&[]);
    let pid_file = installation.data().join("postgres/data/postmaster.pid");
    assert!(exists(&pid_file));
    // The command line works beside the running server.
    Customer::create(&installation, "a@example.com");
    assert_eq!(get(&format!("{}/health", server.url)).await.0, 200);
    // Killed hard: PostgreSQL is found again by the next start.
    server.kill();
    let again = installation.serve(&[]);
    assert!(again.terminate() < std::time::Duration::from_secs(10));
    assert!(!exists(&pid_file), "PostgreSQL stopped with the server");
    // And without a server.
    let doctor = installation.run(&["doctor"]);
    assert_eq!(doctor.code, Some(0), "{}{}", doctor.stdout, doctor.stderr);
    assert!(!exists(&pid_file));
}
