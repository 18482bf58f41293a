//! `/metrics`: who may read it, and that every metric is documented.

use std::collections::BTreeSet;
use std::path::Path;

use crate::program::{Customer, Installation};

const TOKEN: &str = "um-token-bem-comprido-para-testes";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn metrics_are_documented_and_closed_to_strangers() {
    let installation = Installation::on_shared_postgres().await;
    Customer::create(&installation, "a@example.com");
    let server = installation.serve_with(&[], &[("RECADO_METRICS_TOKEN", TOKEN)]);
    let url = format!("{}/metrics", server.url);
    let client = reqwest::Client::new();
    let forwarded = |token: &str| {
        client.get(&url).header("x-forwarded-for", "203.0.113.9").header("authorization", format!("Bearer {token}"))
    };
    assert_eq!(forwarded("errado").send().await.unwrap().status(), 404);
    assert_eq!(client.get(&url).header("x-forwarded-for", "203.0.113.9").send().await.unwrap().status(), 404);
    assert_eq!(forwarded(TOKEN).send().await.unwrap().status(), 200);
    assert_eq!(client.get(&url).send().await.unwrap().status(), 404, "this machine needs the token, too");
    let answer = client.get(&url).bearer_auth(TOKEN).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text().await.unwrap();
    let said: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations/metrics.md");
    let page = std::fs::read_to_string(page).unwrap();
    let documented: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|name| name.starts_with("recado_"))
        .collect();
    assert_eq!(said, documented);
    assert!(said.len() > 15, "{said:?}");
    assert!(text.contains("recado_projection_lag_events{projection=\"instance@1\"} 0"), "{text}");
    assert!(text.contains("recado_projection_stopped{projection=\"instance@1\"} 0"));
    assert!(text.contains("recado_pool_connections{state=\"limit\"} 24"));
    server.terminate();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_this_machine_reads_metrics_until_the_site_is_public() {
    let installation = Installation::on_shared_postgres().await;
    let client = reqwest::Client::new();
    for (settings, direct) in [
        (&[][..], 200),
        (&[("RECADO_PUBLIC_URL", "http://localhost:8080")], 200),
        // A proxy on this machine need not say that it is one.
        (&[("RECADO_PUBLIC_URL", "https://recado.example.com")], 404),
    ] {
        let server = installation.serve_with(&[], settings);
        let url = format!("{}/metrics", server.url);
        assert_eq!(client.get(&url).send().await.unwrap().status(), direct, "{settings:?}");
        assert_eq!(client.get(&url).header("x-forwarded-for", "203.0.113.9").send().await.unwrap().status(), 404, "{settings:?}");
        server.terminate();
    }
}
