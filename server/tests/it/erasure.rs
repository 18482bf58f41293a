//! `recado vault erase` beside a running server.

use serde_json::{Value, json};

use crate::journey::{get, send};
use crate::program::{Customer, Installation, eventually};

const FRIEND: &str = "5562988887777";
const OTHER: &str = "5562988886666";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contact_is_erased_beside_a_running_server_and_the_report_stays() {
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let server = installation.serve(&[]);
    let base = customer.base(&server);
    for to in [FRIEND, OTHER] {
        let text = json!({"phone": to, "message": "segredo"});
        assert_eq!(send(reqwest::Method::POST, &format!("{base}/send-text"), &text).await.0, 200);
    }
    let erase = ["vault", "erase", "--account", &customer.account, "--contact", FRIEND];
    let preview = installation.json(&[&erase[..], &["--dry-run"]].concat());
    assert_eq!((&preview["events"], &preview["contents"], &preview["cancelled"]), (&json!(1), &json!(1), &json!(1)), "{preview}");
    assert_eq!(get(&format!("{base}/queue/count")).await.1, json!({"count": 2}), "a dry run changes nothing");
    let report = installation.json(&erase);
    assert_eq!((&report["events"], &report["contents"], &report["cancelled"]), (&json!(1), &json!(1), &json!(1)), "{report}");
    assert_eq!((&report["kind"], &report["by"]), (&json!("contact"), &json!("system:cli")));
    assert!(!report.to_string().contains("88887777"), "the report names nobody: {report}");
    let reports = installation.run(&["vault", "erasures", "--account", &customer.account, "--json"]);
    assert_eq!(serde_json::from_str::<Value>(reports.stdout.trim()).unwrap(), report, "the report can be shown again");
    let again = installation.run(&erase);
    assert!(again.code == Some(2) && again.stderr.contains("erased before"), "{}", again.stderr);
    // The server, which remembered the key, does not any more; the other contact is untouched.
    let queue = || async {
        let (_, queue) = get(&format!("{base}/queue?page=1&pageSize=10")).await;
        queue.to_string()
    };
    assert!(queue().await.contains(OTHER) && !queue().await.contains(FRIEND));
    let pool = sqlx::PgPool::connect(installation.database_url.as_deref().unwrap()).await.unwrap();
    eventually("the read model to forget", || async {
        let chats: Vec<Option<String>> =
            sqlx::query_scalar("SELECT chat FROM view_message ORDER BY accepted_at").fetch_all(&pool).await.unwrap();
        (chats == [None, Some(OTHER.to_owned())]).then_some(())
    })
    .await;
    let living: i64 =
        sqlx::query_scalar("SELECT count(*) FROM subject_key WHERE erased_at IS NOT NULL").fetch_one(&pool).await.unwrap();
    assert_eq!(living, 1);
    server.terminate();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_owner_takes_the_linked_number_along() {
    const OWN: &str = "5562988885555";
    let installation = Installation::on_shared_postgres().await;
    let customer = Customer::create(&installation, "a@example.com");
    let server = installation.serve(&[]);
    let base = customer.base(&server);
    let connected = |wanted: bool| {
        let url = format!("{base}/status");
        move || {
            let url = url.clone();
            async move { (get(&url).await.1["connected"] == json!(wanted)).then_some(()) }
        }
    };
    installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", OWN]);
    eventually("the connection", connected(true)).await;
    let owner = ["vault", "erase", "--account", &customer.account, "--owner"];
    assert_eq!(installation.run(&owner).code, Some(2), "connected");
    assert_eq!(send(reqwest::Method::POST, &format!("{base}/disconnect"), &json!({})).await.0, 200);
    eventually("the end of the connection", connected(false)).await;
    let pool = sqlx::PgPool::connect(installation.database_url.as_deref().unwrap()).await.unwrap();
    let living = || async {
        let keys: i64 =
            sqlx::query_scalar("SELECT count(*) FROM subject_key WHERE wrapped_key IS NOT NULL").fetch_one(&pool).await.unwrap();
        keys
    };
    assert_eq!(living().await, 2, "the owner's and the number's");
    let preview = installation.json(&[&owner[..], &["--dry-run"]].concat());
    assert!(preview["kept"].to_string().contains("no linked number (1)"), "{preview}");
    let report = installation.json(&owner);
    assert_eq!(report["kind"], json!("owner"));
    assert!(!report["kept"].to_string().contains("linked"), "{report}");
    assert_eq!(living().await, 0);
    let reports = installation.run(&["vault", "erasures", "--account", &customer.account, "--json"]);
    let reports: Vec<Value> = reports.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<&Value> = reports.iter().map(|report| &report["kind"]).collect();
    assert_eq!(kinds, [&json!("owner"), &json!("contact")], "each has its report");
    assert_eq!(reports[1]["event_types"]["instance.paired"], json!(1), "{}", reports[1]);
    assert!(!Value::from(reports).to_string().contains("88885555"));
    server.terminate();
}
