//! Support's first page of an account with a million events, over HTTP, on a server and a PostgreSQL of its own.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use recado_postgres::{Cluster, Durability, Install};
use serde_json::{Value, json};

use super::http::ask;
use super::report::Report;
use super::session::{Session, hidden};
use crate::client::Quality;
use crate::server::{Server, Setup};
use crate::{paths, process, up};

/// Milliseconds (issue 3).
pub const BUDGET_MS: f64 = 50.0;
/// The account's own stream is the longest: sign-ins, readings by support.
const ACCOUNT_EVENTS: usize = 50_000;
const VISITS: usize = 200;

/// Adds rows to the report and answers the 95th percentile in milliseconds.
pub fn measure(report: &mut Report, quick: bool) -> anyhow::Result<f64> {
    let events = if quick { 100_000 } else { 1_000_000 };
    up::ensure_postgres()?;
    process::run(process::cargo().args(["build", "--quiet", "--profile", "measure", "-p", "recado-server"]))?;
    let data = paths::target().join("bench").join("audit");
    up::remove_installation(&data)?;
    std::fs::create_dir_all(&data)?;
    let setup = Setup {
        program: paths::target().join("measure").join("recado"),
        port: 0,
        data: data.clone(),
        site: Quality::Optimised.site(),
    };
    let mut server = Server::start(setup.clone())?;
    let demo: Value =
        serde_json::from_str(server.command(&["demo", "--json"])?.trim()).context("reading `recado demo --json`")?;
    let account = demo["account"]["id"].as_str().context("`recado demo --json` names no account.id")?.to_owned();
    one_message(&server, &demo)?;
    server.stop()?;
    multiply(&data, &account, events)?;

    let mut server = Server::start(setup)?;
    let mut session = Session::new(&server.address);
    let key = hidden(&session.get("/entrar")?.text()?, "_csrf").unwrap_or_default();
    let text = |name: &str| demo["support"][name].as_str().context("`recado demo --json` names no support");
    session.post("/entrar", &[("_csrf", &key), ("email", text("email")?), ("senha", text("password")?)])?;
    let page = format!("/suporte/contas/{account}");
    let mut took = Vec::with_capacity(VISITS);
    let first = Instant::now();
    visit(&mut session, &page, &account)?;
    let first = first.elapsed();
    for _ in 0..VISITS {
        let begin = Instant::now();
        visit(&mut session, &page, &account)?;
        took.push(begin.elapsed());
    }
    server.stop()?;
    up::remove_installation(&data)?;
    took.sort_unstable();
    let at = |share: usize| milliseconds(took[took.len() * share / 100]);
    report.rows.push(json!({
        "what": "support's first page of an account", "events": events, "visits": VISITS, "very_first_ms": milliseconds(first),
        "p50_ms": at(50), "p95_ms": at(95), "p99_ms": at(99),
    }));
    Ok(at(95))
}

fn visit(session: &mut Session, page: &str, account: &str) -> anyhow::Result<()> {
    let answer = session.get(page)?;
    if answer.status != 200 || !answer.text()?.contains(account) {
        bail!("{page} answered {}", answer.status);
    }
    Ok(())
}

/// A real message, sent through the API to a virtual phone: its events are what is multiplied.
fn one_message(server: &Server, demo: &Value) -> anyhow::Result<()> {
    let instance = &demo["instances"][0];
    let (id, token) = (instance["id"].as_str().unwrap_or_default(), instance["token"].as_str().unwrap_or_default());
    server.command(&["sim", "scan", "--instance", id, "--phone", "5562900000001", "--json"])?;
    let base = format!("/instances/{id}/token/{token}");
    let until = Instant::now() + Duration::from_secs(30);
    while !ask(&server.address, &format!("{base}/status"), "", None)?.text()?.contains("\"connected\":true") {
        anyhow::ensure!(Instant::now() < until, "the virtual phone did not connect");
        std::thread::sleep(Duration::from_millis(100));
    }
    let sent = ask(&server.address, &format!("{base}/send-text"), "", Some(r#"{"phone":"5562988887777","message":"Bom dia"}"#))?;
    anyhow::ensure!(sent.status == 200, "send-text answered {}: {}", sent.status, sent.text()?);
    let id = sent.text()?;
    let id = serde_json::from_str::<Value>(&id)?["messageId"].as_str().context("send-text names no messageId")?.to_owned();
    // Read on the phone: only what was received can be.
    while server.command(&["sim", "read", "--instance", instance["id"].as_str().unwrap_or_default(), "--message", &id]).is_err() {
        anyhow::ensure!(Instant::now() < until, "the message was not received");
        std::thread::sleep(Duration::from_millis(200));
    }
    while !ask(&server.address, &format!("{base}/queue/count"), "", None)?.text()?.contains('0') {
        anyhow::ensure!(Instant::now() < until, "the message was not sent");
    }
    Ok(())
}

/// Copies of the message's stream, the account's stream made long, and every checkpoint behind them: this measures reading, not folding.
fn multiply(data: &std::path::Path, account: &str, events: usize) -> anyhow::Result<()> {
    let cluster = Cluster::start(&data.join("postgres"), Durability::Full)?;
    let script = format!(
        "SET statement_timeout = 0;
         CREATE TEMP TABLE stream AS SELECT * FROM events WHERE aggregate_type = 'message' AND account_id = '{account}';
         CREATE TEMP TABLE last AS SELECT * FROM events WHERE aggregate_type = 'account' AND aggregate_id = '{account}' ORDER BY sequence DESC LIMIT 1;
         INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door, command_id, correlation_id, causation_id, occurred_at)
         SELECT s.account_id, s.aggregate_type, '019f0000-' || lpad(to_hex(n / 65536), 4, '0') || '-7' || lpad(to_hex(n / 16 % 4096), 3, '0') || '-8' || lpad(to_hex(n % 16), 3, '0') || '-000000000000',
                s.sequence, s.event_type, s.event_version, s.payload, s.actor, s.door, gen_random_uuid(), gen_random_uuid(), NULL, s.occurred_at
           FROM generate_series(1, {events} / (SELECT count(*) FROM stream)) n, stream s ORDER BY n, s.sequence;
         INSERT INTO events (account_id, aggregate_type, aggregate_id, sequence, event_type, event_version, payload, actor, door, command_id, correlation_id, causation_id, occurred_at)
         SELECT l.account_id, l.aggregate_type, l.aggregate_id, l.sequence + n, l.event_type, l.event_version, l.payload, l.actor, l.door, gen_random_uuid(), gen_random_uuid(), NULL, l.occurred_at
           FROM generate_series(1, {ACCOUNT_EVENTS}) n, last l;
         UPDATE projection SET txid = (SELECT max(txid) FROM events), position = (SELECT max(global_position) FROM events);
         VACUUM (ANALYZE) events;"
    );
    let install = Install::find()?;
    let mut psql = Command::new(install.bin.join("psql"));
    psql.args(["-q", "-v", "ON_ERROR_STOP=1", &cluster.url()]);
    let path = data.join("multiply.sql");
    std::fs::write(&path, script)?;
    psql.arg("-f").arg(&path);
    process::run_quiet(&mut psql).context("multiplying events")?;
    cluster.stop();
    Ok(())
}

fn milliseconds(span: Duration) -> f64 {
    (span.as_secs_f64() * 100_000.0).round() / 100.0
}
