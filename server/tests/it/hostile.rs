//! Clients that do not behave: nothing they do takes the server from the others, and their memory is bounded. The figures stand in
//! docs/reliability.md.

use std::time::{Duration, Instant};

use crate::program::{Customer, Installation, Server};
use crate::wire::{Wire, memory, others_are_served};

const GET: &[u8] = b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n";
const SOON: Duration = Duration::from_secs(10);

async fn serve(settings: &[(&str, &str)]) -> (Installation, Server) {
    let installation = Installation::on_shared_postgres().await;
    let server = installation.serve_with(&[], settings);
    (installation, server)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_idle_connections_cost_little() {
    let (_installation, server) = serve(&[]).await;
    others_are_served(&server).await;
    let before = memory(&server);
    let mut idle = vec![];
    for _ in 0..1_000 {
        let mut wire = Wire::to(&server).await;
        wire.write(GET).await;
        assert_eq!(wire.status_within(SOON).await, Some(200));
        idle.push(wire);
    }
    others_are_served(&server).await;
    let grown = memory(&server) - before;
    println!("1,000 idle connections: {grown:.1} MB");
    assert!(grown < 64.0, "{grown} MB");
    // They are still good for another request.
    idle[0].write(GET).await;
    assert_eq!(idle[0].status_within(SOON).await, Some(200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let (_installation, server) = serve(&[("RECADO_HTTP_HEAD_SECONDS", "2")]).await;
    let before = memory(&server);
    let mut slow = vec![];
    for _ in 0..300 {
        let mut wire = Wire::to(&server).await;
        wire.write(b"GET /health HTTP/1.1\r\nx-slow: ").await;
        slow.push(wire);
    }
    others_are_served(&server).await;
    let begun = Instant::now();
    // One byte now and then does not help: the whole head counts.
    while begun.elapsed() < Duration::from_secs(3) {
        for wire in &mut slow {
            wire.write(b"x").await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    for wire in &mut slow {
        assert!(wire.ends_within(SOON).await, "a slow head was waited for");
    }
    let grown = memory(&server) - before;
    println!("300 slow heads: {grown:.1} MB");
    assert!(grown < 64.0, "{grown} MB");
    others_are_served(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_holds_a_place_must_use_it() {
    for served_once in [true, false] {
        let (_installation, server) = serve(&[("RECADO_HTTP_CONNECTIONS", "32")]).await;
        let mut holders = vec![];
        for _ in 0..32 {
            let mut wire = Wire::to(&server).await;
            if served_once {
                wire.write(GET).await;
                assert_eq!(wire.status_within(SOON).await, Some(200));
            }
            wire.write(b"GET /hea").await;
            holders.push(wire);
        }
        let begun = Instant::now();
        others_are_served(&server).await;
        println!("every place taken (served once: {served_once}): the next was served after {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let (installation, server) = serve(&[]).await;
    let customer = Customer::create(&installation, "a@example.com");
    let api = format!("/instances/{}/token/{}/send-text", customer.instance, customer.token);
    let post = |path: &str, kind: &str| {
        format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {kind}\r\ncontent-length: 900\r\n\r\n{{").into_bytes()
    };
    let mut message = Wire::to(&server).await;
    message.write(&post(&api, "application/json")).await;
    let mut form = Wire::to(&server).await;
    form.write(&post("/entrar", "application/x-www-form-urlencoded")).await;
    let begun = Instant::now();
    let patience = Duration::from_secs(25);
    let (said, cut) = tokio::join!(message.status_within(patience), form.ends_within(patience));
    assert_eq!(said, Some(408));
    assert!(cut, "a silent form was waited for");
    println!("silent bodies ended after {:?}", begun.elapsed());
    others_are_served(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heads_have_a_limit() {
    let (_installation, server) = serve(&[]).await;
    let before = memory(&server);
    let many_headers: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    let huge_header = format!("x: {}\r\n", "y".repeat(200_000));
    let cases = [
        (format!("GET /health HTTP/1.1\r\nhost: x\r\n{many_headers}\r\n"), &[431][..]),
        (format!("GET /health HTTP/1.1\r\nhost: x\r\n{huge_header}\r\n"), &[431]),
        (format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "y".repeat(100_000)), &[414, 431]),
        (format!("GET /instances/{} HTTP/1.1\r\nhost: x\r\n\r\n", "y/".repeat(20_000)), &[404]),
        (format!("GET /entrar?{} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", "a=b&".repeat(10_000)), &[200]),
    ];
    for (request, wanted) in &cases {
        let mut wire = Wire::to(&server).await;
        wire.write(request.as_bytes()).await;
        let status = wire.status_within(SOON).await;
        // What is still on its way when the connection closes may take the answer with it.
        assert!(status.is_none_or(|status| wanted.contains(&status)), "{status:?} for {}", &request[..60]);
    }
    // Bombs that never end.
    let bombs = (0..50).map(|_| async {
        let mut wire = Wire::to(&server).await;
        let mut sent = 0;
        while sent < 20_000_000 && wire.write(&[b'y'; 16_384]).await {
            sent += 16_384;
        }
        sent
    });
    let sent = futures::future::join_all(bombs).await.into_iter().max().unwrap();
    let grown = memory(&server) - before;
    println!("50 endless heads: {grown:.1} MB, at most {sent} bytes were taken of one");
    assert!(grown < 64.0 && sent < 20_000_000, "{grown} MB, {sent} bytes");
    others_are_served(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_are_taken_only_where_they_make_sense() {
    let (installation, server) = serve(&[]).await;
    let customer = Customer::create(&installation, "a@example.com");
    let base = format!("/instances/{}/token/{}", customer.instance, customer.token);
    others_are_served(&server).await;
    let before = memory(&server);
    let announced = |path: &str, size: usize| {
        format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {size}\r\n\r\n{{")
    };
    for (path, size) in [("/send-text", 140_000_000), ("/queue", 140_000_000), ("/send-image", 2_000_000_000)] {
        let mut wire = Wire::to(&server).await;
        wire.write(announced(&format!("{base}{path}"), size).as_bytes()).await;
        // Said before it is read. Routes that are not built read nothing at all.
        let status = wire.status_within(SOON).await;
        assert!(matches!(status, Some(413 | 501)), "{path}: {status:?}");
    }
    let mut stranger = Wire::to(&server).await;
    let elsewhere = "/instances/00000000000000000000000000000000/token/X/send-text";
    stranger.write(announced(elsewhere, 140_000_000).as_bytes()).await;
    assert_eq!(stranger.status_within(SOON).await, Some(404), "who it is comes first");
    // Not announced: chunks of a text that never ends, from many at once.
    let (mut most, chunk) = (before, [b"10000\r\n".as_slice(), &[b'x'; 0x1_0000], b"\r\n"].concat());
    let mut endless = vec![];
    for _ in 0..16 {
        let mut wire = Wire::to(&server).await;
        let head = format!(
            "POST {base}/send-text HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        wire.write(head.as_bytes()).await;
        endless.push(wire);
    }
    let mut taken = 0;
    for _ in 0..2_200 {
        let mut open = false;
        for wire in &mut endless {
            open |= wire.write(&chunk).await;
        }
        most = most.max(memory(&server));
        taken += usize::from(open) * chunk.len();
        if !open {
            break;
        }
    }
    println!("16 endless texts: {:.1} MB, at most {taken} bytes were taken of one", most - before);
    assert!(most - before < 128.0 && taken < 100_000_000, "{} MB, {taken} bytes", most - before);
    others_are_served(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_on_the_wire_is_answered_or_cut() {
    let (installation, server) = serve(&[("RECADO_HTTP_HEAD_SECONDS", "3")]).await;
    let customer = Customer::create(&installation, "a@example.com");
    let post = format!("POST /instances/{}/token/{}/send-text HTTP/1.1\r\nhost: x\r\n", customer.instance, customer.token);
    let with = |rest: &str| format!("{post}{rest}").into_bytes();
    let nonsense: Vec<Vec<u8>> = vec![
        b"\0\0\0\0\0\0\0\0".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS greeting".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"GET\r\n\r\n".to_vec(),
        b"GET /health\r\n\r\n".to_vec(),
        b"GET /health HTTP/9.9\r\n\r\n".to_vec(),
        b"GET /hea\0lth HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(),
        b"GET /health HTTP/1.1\r\nbad header: \x01\r\n\r\n".to_vec(),
        with("content-length: -1\r\n\r\n{}"),
        with("content-length: 99999999999999999999999\r\n\r\n{}"),
        with("content-length: 2\r\ncontent-length: 3\r\n\r\n{}"),
        with("content-length: 2, 3\r\n\r\n{}"),
        with("content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        with("transfer-encoding: gzip\r\n\r\n{}"),
        with("transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
        with("transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}"),
        with("transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
        with(&format!("transfer-encoding: chunked\r\n\r\n2;{}\r\n{{}}\r\n0\r\n\r\n", "x".repeat(100_000))),
        with(&format!("transfer-encoding: chunked\r\n\r\n0\r\n{}\r\n", "x: y\r\n".repeat(10_000))),
        // Shorter than announced, then closed.
        with("content-length: 500\r\n\r\n{\"phone\":"),
    ];
    for bytes in &nonsense {
        let mut wire = Wire::to(&server).await;
        wire.write(bytes).await;
        // No more comes: who waits for it must stop waiting.
        drop(tokio::io::AsyncWriteExt::shutdown(&mut wire.0).await);
        let statuses = wire.statuses().await;
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(120)]).into_owned();
        assert!(statuses.iter().all(|status| (400..500).contains(status)), "{statuses:?} for {shown}");
    }
    // Good requests in a row are all answered; what follows them is not taken for one.
    let mut pipelined = Wire::to(&server).await;
    pipelined.write(&[GET, GET, GET, b"\x01\x02 garbage \xff\r\n\r\n", GET].concat()).await;
    assert_eq!(pipelined.statuses().await, [200, 200, 200, 400]);
    let (_, count) = crate::journey::get(&format!("{}/queue/count", customer.base(&server))).await;
    assert_eq!(count, serde_json::json!({"count": 0}), "nothing of all that was stored");
    others_are_served(&server).await;
}
