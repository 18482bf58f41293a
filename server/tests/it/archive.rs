//! docs/operations/archive.md: a month leaves a living installation and comes back.

use chrono::Datelike as _;
use serde_json::json;

use crate::journey::{PHONE, get, send};
use crate::program::{Customer, Installation, eventually};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_is_archived_dropped_proved_and_restored_by_command() {
    let installation = Installation::with_private_postgres();
    let customer = Customer::create(&installation, "a@example.com");
    let server = installation.serve(&[]);
    let base = customer.base(&server);
    let text = json!({"phone": "5562988887777", "message": "bom dia"});
    let (status, _) = send(reqwest::Method::POST, &format!("{base}/send-text"), &text).await;
    assert_eq!(status, 200);

    let today = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).date_naive();
    let month = today.format("%Y-%m").to_string();
    let (year, next) = if today.month() == 12 { (today.year() + 1, 1) } else { (today.year(), today.month() + 1) };
    let before = format!("{year:04}-{next:02}");
    let folder = installation.folder.path().join("archives").to_string_lossy().into_owned();
    let messages = ["archive", "messages", "--before", &before, "--to", &folder];

    let early = installation.run(&messages);
    assert_eq!(early.code, Some(2), "the month goes on: {}", early.stdout);
    assert!(early.stderr.contains("only months that are over"), "{}", early.stderr);
    let bad = installation.run(&["archive", "messages", "--before", "June", "--to", &folder]);
    assert_eq!(bad.code, Some(2));
    // Seen from next month the message is still in the queue.
    let later: Vec<&str> = [&messages[..], &["--clock-offset", "32d"]].concat();
    let queued = installation.run(&later);
    assert_eq!(queued.code, Some(2), "{}", queued.stdout);
    assert!(queued.stderr.contains("still queued"), "{}", queued.stderr);
    installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", PHONE]);
    eventually("an empty queue", || async { (get(&format!("{base}/queue/count")).await.1 == json!({"count": 0})).then_some(()) })
        .await;
    server.terminate();

    let done = installation.json(&[&later[..], &["--drop"]].concat());
    assert_eq!(done["months"][0]["month"], json!(month), "{done}");
    assert_eq!((&done["months"][0]["state"], &done["months"][0]["messages"]), (&json!("dropped"), &json!(1)));
    assert_eq!(installation.json(&[&later[..], &["--drop"]].concat())["months"], json!([]), "there is nothing left to do");
    let listed = installation.json(&["archive", "list"]);
    assert_eq!(listed["months"][0]["events"], done["months"][0]["events"]);
    let file = format!("{folder}/recado-messages-{month}.jsonl.gz");
    assert_eq!(installation.json(&["audit", "verify", &file])["events"], done["months"][0]["events"]);
    let key = "00".repeat(32);
    assert_eq!(installation.run(&["audit", "verify", &file, "--public-key", &key]).code, Some(2), "another installation's");
    let key = installation.json(&["audit", "key"])["public_key"].as_str().unwrap().to_owned();
    assert_eq!(installation.json(&["audit", "verify", &file, "--public-key", &key])["key_was_given"], json!(true));
    let checked = installation.json(&["audit", "check"]);
    assert_eq!(checked["archived"], done["months"][0]["events"], "the chains verify without the events: {checked}");

    // The message is still known; servers run.
    let server = installation.serve(&[]);
    let restored = installation.json(&["archive", "restore", &file]);
    assert_eq!((&restored["events"], &restored["from_file"]), (&done["months"][0]["events"], &json!(true)));
    assert_eq!(installation.json(&["archive", "list"])["months"], json!([]));
    assert_eq!(installation.run(&["archive", "restore", &file]).code, Some(2), "it is back already");
    server.terminate();
    let doctor = installation.run(&["doctor"]);
    assert_eq!(doctor.code, Some(0), "{}{}", doctor.stdout, doctor.stderr);
    for line in ["time limits: statement 30 s", "open transaction", "wal_level", "months made", "free space", "schema up to date"]
    {
        assert!(doctor.stdout.contains(line), "doctor does not say `{line}`: {}", doctor.stdout);
    }
}
