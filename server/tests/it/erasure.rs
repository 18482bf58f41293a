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
