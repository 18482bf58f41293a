//! Several servers on one database share the work; one that is killed is replaced within 15 seconds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use recado_testkit::Receiver;
use serde_json::json;
use sqlx::PgPool;

use crate::journey::send;
use crate::program::{Customer, Installation, Server, eventually};

const MESSAGES: usize = 8;

struct Fleet {
    installation: Installation,
    servers: Vec<Server>,
    customers: Vec<Customer>,
    receiver: Receiver,
    pool: PgPool,
}

/// What a webhook said: message and kind, in the order in which calls came.
fn said(receiver: &Receiver) -> Vec<(String, String)> {
    let calls = receiver.received().into_iter().map(|request| request.body);
    calls
        .flat_map(|body| {
            let kind = match body["type"].as_str().unwrap_or_default() {
                "DeliveryCallback" => "DELIVERY".to_owned(),
                _ => body["status"].as_str().unwrap_or_default().to_owned(),
            };
            let one = body["messageId"].as_str().map(|id| vec![id.to_owned()]);
            let many = || body["ids"].as_array().into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)).collect();
            one.unwrap_or_else(many).into_iter().map(move |id| (id, kind.clone())).collect::<Vec<_>>()
        })
        .collect()
}

impl Fleet {
    async fn start(servers: usize, instances: usize) -> Self {
        let installation = Installation::on_shared_postgres().await;
        let receiver = Receiver::start().await;
        let customers: Vec<_> = (0..instances).map(|n| Customer::create(&installation, &format!("{n}@example.com"))).collect();
        let servers: Vec<_> = (0..servers).map(|_| installation.serve(&[])).collect();
        for (n, customer) in customers.iter().enumerate() {
            let base = customer.base(&servers[0]);
            send(reqwest::Method::PUT, &format!("{base}/update-every-webhooks"), &json!({"value": receiver.url()})).await;
            installation.json(&["sim", "scan", "--instance", &customer.instance, "--phone", &format!("556290000010{n}")]);
        }
        let pool = PgPool::connect(installation.database_url.as_deref().unwrap()).await.unwrap();
        Self { installation, servers, customers, receiver, pool }
    }

    /// The messages of each customer, accepted by all servers in turn; in the order of acceptance.
    async fn send_all(&self) -> Vec<Vec<String>> {
        let mut accepted = vec![vec![]; self.customers.len()];
        for n in 0..MESSAGES {
            for (customer, ids) in self.customers.iter().zip(&mut accepted) {
                let base = customer.base(&self.servers[n % self.servers.len()]);
                let body = json!({"phone": "5562988887777", "message": format!("mensagem {n}")});
                let (status, sent) = send(reqwest::Method::POST, &format!("{base}/send-text"), &body).await;
                assert_eq!(status, 200, "{sent}");
                ids.push(sent["messageId"].as_str().unwrap().to_owned());
            }
        }
        accepted
    }

    async fn all_told(&self, accepted: &[Vec<String>]) {
        eventually("every message's delivery, sent and received", || async {
            let told: BTreeSet<_> = said(&self.receiver).into_iter().collect();
            let every = accepted
                .iter()
                .flatten()
                .all(|id| ["DELIVERY", "SENT", "RECEIVED"].iter().all(|kind| told.contains(&(id.clone(), (*kind).to_owned()))));
            every.then_some(())
        })
        .await;
    }

    /// The virtual phones saw each message once, in the order of acceptance.
    async fn sent_in_order(&self, accepted: &[Vec<String>]) {
        for (customer, ids) in self.customers.iter().zip(accepted) {
            let seen: Vec<String> = sqlx::query_scalar(
                "SELECT m.wire_id FROM sim_message m JOIN view_instance i USING (instance_id) WHERE i.account_id = $1::uuid ORDER BY m.seq",
            )
            .bind(&customer.account)
            .fetch_all(&self.pool)
            .await
            .unwrap();
            assert_eq!(&seen, ids);
        }
    }

    /// Of one message the delivery is told before its status, and statuses in their order: they share a lane.
    fn told_in_order(&self, accepted: &[Vec<String>]) {
        let calls = said(&self.receiver);
        for id in accepted.iter().flatten() {
            let mut firsts: Vec<&str> = vec![];
            for (_, kind) in calls.iter().filter(|(of, _)| of == id) {
                if !firsts.contains(&kind.as_str()) {
                    firsts.push(kind);
                }
            }
            assert_eq!(firsts, ["DELIVERY", "SENT", "RECEIVED"], "{id}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_deliver_each_outbox_row_once_and_in_order() {
    let fleet = Fleet::start(2, 3).await;
    let accepted = fleet.send_all().await;
    fleet.all_told(&accepted).await;
    fleet.sent_in_order(&accepted).await;
    fleet.told_in_order(&accepted);
    let calls = said(&fleet.receiver).len();
    let different: BTreeSet<_> = said(&fleet.receiver).into_iter().collect();
    assert_eq!(calls, different.len(), "nothing was told twice");
    let workers: i64 =
        sqlx::query_scalar("SELECT count(*) FROM lease WHERE name LIKE 'server %' AND expires_at > clock_timestamp()")
            .fetch_one(&fleet.pool)
            .await
            .unwrap();
    assert_eq!(workers, 2, "both servers are known to be alive");
    let more_than_one_attempt: i64 =
        sqlx::query_scalar("SELECT count(*) FROM webhook_attempt WHERE attempt > 1").fetch_one(&fleet.pool).await.unwrap();
    assert_eq!(more_than_one_attempt, 0);
    for server in fleet.servers {
        server.terminate();
    }
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM lease WHERE name LIKE 'server %'").fetch_one(&fleet.pool).await.unwrap();
    assert_eq!(left, 0, "an ordered stop gives the name back");
}

/// Killed while it holds leases: what it was doing is done again by another, at most once more; nothing is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_three_servers_one_is_killed_and_its_work_is_taken_over_in_under_15_seconds() {
    let mut fleet = Fleet::start(3, 4).await;
    // Calls take long enough that the one to be killed is in the middle of some.
    fleet.receiver.delay(Duration::from_millis(200));
    let accepted = fleet.send_all().await;
    let victim = fleet.servers.pop().unwrap();
    let pid = victim.pid().to_string();
    // It is killed at a moment when it holds something, between a lease and its effect.
    let holds =
        "SELECT count(*) FROM work_lane WHERE leased_by LIKE 'recado-' || $1 || '-%' AND leased_until > clock_timestamp()";
    eventually("the victim to be at work", || async {
        (sqlx::query_scalar::<_, i64>(holds).bind(&pid).fetch_one(&fleet.pool).await.unwrap() > 0).then_some(())
    })
    .await;
    victim.kill();
    let killed = Instant::now();
    let left: i64 = sqlx::query_scalar(holds).bind(&pid).fetch_one(&fleet.pool).await.unwrap();
    eventually("the dead one's leases to be taken over", || async {
        let held: i64 = sqlx::query_scalar("SELECT count(*) FROM work_lane WHERE leased_by LIKE 'recado-' || $1 || '-%'")
            .bind(&pid)
            .fetch_one(&fleet.pool)
            .await
            .unwrap();
        (held == 0).then_some(())
    })
    .await;
    let taken_over = killed.elapsed();
    assert!(taken_over < Duration::from_secs(15), "{taken_over:?} for {left} lanes");
    fleet.receiver.delay(Duration::ZERO);
    fleet.all_told(&accepted).await;
    fleet.sent_in_order(&accepted).await;
    fleet.told_in_order(&accepted);
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for call in said(&fleet.receiver) {
        *counts.entry(call).or_default() += 1;
    }
    let again = counts.values().filter(|count| **count > 1).count();
    assert!(counts.values().all(|count| *count <= 2), "once per attempt: {counts:?}");
    assert!(i64::try_from(again).unwrap() <= left, "only what the dead one held was told again: {again} of {left}");
    drop(fleet.installation);
}
