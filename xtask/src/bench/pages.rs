//! What a first visit costs: the sign-in page (no wasm) and an instance page (everything included), as brotli sends it.

use anyhow::{Context, bail};
use serde_json::{Value, json};

use super::report::{Report, Target};
use super::session::{Fetched, Session, hidden};
use crate::client::{self, Quality};
use crate::server::{Server, Setup};
use crate::{paths, up};

const SIGN_IN: &str = "/entrar";
const KILOBYTE: f64 = 1024.0;
/// Issue 2, section 6.
const SIGN_IN_BUDGET_KB: f64 = 20.0;
const INSTANCE_BUDGET_KB: f64 = 150.0;

/// Builds, starts a server of its own on an empty folder, visits. There is nothing to leave out when in a hurry.
pub fn measure(_quick: bool) -> anyhow::Result<Report> {
    up::ensure_postgres()?;
    let site = client::build(Quality::Optimised)?;
    up::build_server()?;
    let data = paths::target().join("bench").join("pages");
    up::remove_installation(&data)?;
    std::fs::create_dir_all(&data)?;
    let mut server = Server::start(Setup::development(0, &data, &site))?;
    let report = visit(&server);
    server.stop()?;
    up::remove_installation(&data)?;
    report
}

fn visit(server: &Server) -> anyhow::Result<Report> {
    let demo: Value =
        serde_json::from_str(server.command(&["demo", "--json"])?.trim()).context("reading `recado demo --json`")?;
    let mut report = Report::new("pages");
    let mut session = Session::new(&server.address);
    let (html, files) = session.visit(SIGN_IN)?;
    let wasm = files.iter().filter(|file| file.path.ends_with(".wasm")).count() + html.matches(".wasm").count();
    add(&mut report, "sign-in", &files);
    report.targets.push(Target::at_most("sign-in page, first visit, KB", SIGN_IN_BUDGET_KB, kilobytes(&files)));
    report.targets.push(Target::at_most("sign-in page, wasm files", 0.0, if wasm == 0 { 0.0 } else { 1.0 }));

    let account = demo.get("account").unwrap_or(&demo);
    let text = |name: &str| account[name].as_str().with_context(|| format!("`recado demo --json` names no account.{name}"));
    // Forms are only taken from a page of ours.
    let key = hidden(&html, "_csrf").unwrap_or_default();
    session.post(SIGN_IN, &[("_csrf", &key), ("email", text("email")?), ("senha", text("password")?)])?;
    let instance = demo["instances"][0]["id"].as_str().context("`recado demo --json` names no instances[0].id")?;
    let (html, files) = session.visit(&format!("/instancias/{instance}"))?;
    if !html.contains(instance) {
        bail!("signing in as the demonstration account did not lead to its instance page");
    }
    add(&mut report, "instance", &files);
    report.targets.push(Target::at_most("instance page, first visit, KB", INSTANCE_BUDGET_KB, kilobytes(&files)));
    Ok(report)
}

fn add(report: &mut Report, page: &str, files: &[Fetched]) {
    report.rows.extend(files.iter().map(|file| json!({"page": page, "file": file.path, "bytes": file.bytes})));
}

/// With one decimal.
fn kilobytes(files: &[Fetched]) -> f64 {
    let bytes: usize = files.iter().map(|file| file.bytes).sum();
    (bytes as f64 / KILOBYTE * 10.0).round() / 10.0
}
