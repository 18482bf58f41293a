#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

const PUBLIC: AddressPolicy = AddressPolicy { allow_local: false };
const LOCAL: AddressPolicy = AddressPolicy { allow_local: true };

#[test]
fn special_addresses_are_refused_in_every_spelling() {
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "017700000001",
        "0.0.0.0",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.7",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::7f00:1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[2001::1]",
    ] {
        assert_eq!(PUBLIC.check(&format!("https://{host}/hook")), Err(ForbiddenTarget::NotPublic), "{host}");
    }
    for host in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700::1111]", "example.com"] {
        assert!(PUBLIC.check(&format!("https://{host}/hook")).is_ok(), "{host}");
    }
}

#[test]
fn local_work_opens_loopback_and_http_but_no_private_network() {
    assert_eq!(PUBLIC.check("http://example.com/"), Err(ForbiddenTarget::Scheme));
    assert_eq!(PUBLIC.check("file:///etc/passwd"), Err(ForbiddenTarget::Scheme));
    assert!(LOCAL.check("http://127.0.0.1:9/").is_ok());
    assert!(LOCAL.check("http://[::1]:9/").is_ok());
    assert_eq!(LOCAL.check("http://10.0.0.1/"), Err(ForbiddenTarget::NotPublic));
    assert_eq!(LOCAL.check("http://169.254.169.254/latest"), Err(ForbiddenTarget::NotPublic));
}

/// Answers every connection with `answer`, then keeps it open and repeats `more` for ever.
async fn receiver(answer: &'static [u8], more: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer).await;
                while !more.is_empty() && stream.write_all(more).await.is_ok() {}
                let _ = stream.read(&mut request).await;
            });
        }
    });
    url
}

async fn post(url: &str, policy: AddressPolicy) -> Result<Answer, PostFailure> {
    Poster::with_total(policy, Duration::from_millis(600)).unwrap().post(url, HeaderMap::new(), b"{}".to_vec()).await
}

#[tokio::test]
async fn an_endless_answer_is_cut() {
    let url = receiver(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"5\r\nxxxxx\r\n").await;
    let answer = post(&url, LOCAL).await.unwrap();
    assert_eq!((answer.status, answer.beginning.len()), (200, 200));
}

#[tokio::test]
async fn a_receiver_that_promises_a_body_and_sends_none_still_counts_by_its_status() {
    let url = receiver(b"HTTP/1.1 204 No Content\r\n\r\n", b"").await;
    assert_eq!(post(&url, LOCAL).await.unwrap().status, 204);
    let url = receiver(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\nshort", b"").await;
    assert_eq!(post(&url, LOCAL).await.unwrap(), Answer { status: 200, beginning: "short".into() });
}

#[tokio::test]
async fn a_silent_receiver_times_out() {
    let url = receiver(b"", b"").await;
    assert_eq!(post(&url, LOCAL).await, Err(PostFailure::TimedOut));
}

#[tokio::test]
async fn what_is_not_http_and_closed_ports_are_told_apart() {
    let url = receiver(b"220 mail ESMTP\r\n", b"").await;
    assert_eq!(post(&url, LOCAL).await, Err(PostFailure::NotHttp));
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(post(&format!("http://{closed}/"), LOCAL).await, Err(PostFailure::NoConnection));
}

#[tokio::test]
async fn redirects_are_answers_not_orders() {
    let url = receiver(b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n", b"").await;
    assert_eq!(post(&url, LOCAL).await.unwrap().status, 302);
}

#[tokio::test]
async fn a_name_that_leads_home_is_refused_when_it_is_resolved() {
    assert_eq!(post("https://localhost:9/", PUBLIC).await, Err(PostFailure::Forbidden(ForbiddenTarget::NotPublic)));
    let unknown = post("https://name.invalid/", PUBLIC).await;
    assert!(matches!(unknown, Err(PostFailure::Forbidden(ForbiddenTarget::Unresolvable) | PostFailure::TimedOut)), "{unknown:?}");
}
