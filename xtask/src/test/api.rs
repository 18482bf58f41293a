//! schemathesis reads the description of the REST API and sends what it allows, and what it does not, to a real server. Whatever comes: the
//! server never fails (5xx), and every answer is of a status, a type and a shape that the description names.

use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use super::tally::Tally;
use crate::client::{self, Quality};
use crate::python::Environment;
use crate::server::{Server, Setup};
use crate::step::say;
use crate::{paths, process, up};

/// Every package with its version: a new one must not change what is tested.
const REQUIREMENTS: &str = include_str!("../../schemathesis.txt");
/// Any number will do; the same one makes the same cases.
const SEED: &str = "20260615";
/// Cases per route, besides those that follow from the description alone.
const CASES: &str = "10";
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

/// The environment, which also has what the Python programs of the quick start need.
pub fn environment() -> anyhow::Result<Environment> {
    Environment::prepare("schemathesis", REQUIREMENTS, "the test of the REST API by schemathesis")
}

/// Starts a server of its own and runs it.
pub fn run() -> anyhow::Result<Tally> {
    let environment = environment()?;
    let site = client::build(Quality::Optimised)?;
    let folder = paths::target().join("api-test");
    let data = folder.join("data");
    up::remove_installation(&data)?;
    std::fs::create_dir_all(&data)?;
    let mut server = Server::start(Setup::development(0, &data, &site))?;
    let outcome = against(&server, &environment, &folder);
    server.stop()?;
    up::remove_installation(&data)?;
    outcome
}

fn against(server: &Server, environment: &Environment, folder: &Path) -> anyhow::Result<Tally> {
    let account = told(
        server,
        &["account", "create", "--email", "api@recado.example.com", "--password", "uma senha de teste", "--name", "API"],
    )?;
    let instance = told(server, &["instance", "create", "--account", text(&account, "account_id")?, "--name", "API"])?;
    // Connected, so that more than refusals is seen.
    told(server, &["sim", "scan", "--instance", text(&instance, "id")?, "--phone", "5562933334444"])?;
    std::fs::write(
        folder.join("schemathesis.toml"),
        format!(
            "[parameters]\n\"path.instanceId\" = {:?}\n\"path.token\" = {:?}\n",
            text(&instance, "id")?,
            text(&instance, "token")?
        ),
    )?;
    let report = folder.join("junit.xml");
    let mut command = Command::new(environment.program("schemathesis"));
    command
        .current_dir(folder)
        .args([
            "--config-file",
            "schemathesis.toml",
            "run",
            "--no-color",
            "--seed",
            SEED,
            "--max-examples",
            CASES,
            "--checks",
            CHECKS,
        ])
        .args([
            "--phases",
            "examples,coverage,fuzzing",
            "--continue-on-failure",
            "--warnings",
            "off",
            "--generation-database",
            "none",
        ])
        .arg("--header")
        // Opens the partner's routes, for any number of instances.
        .arg(format!("Authorization: Bearer {}", text(&account, "partner_token")?))
        .arg("--report-junit-path")
        .arg(&report)
        .args(["--report", "junit"])
        .arg(format!("{}/openapi.json", server.address))
        .env("PYTHONUNBUFFERED", "1");
    let mut said = Vec::new();
    let ended_well = process::run_lines(&mut command, |line| said.push(line.to_owned()))?;
    let tally = std::fs::read_to_string(&report).map(|xml| read(&xml)).unwrap_or_default().checked(ended_well);
    if !ended_well {
        said.iter().for_each(|line| say(line));
    }
    Ok(tally)
}

fn told(server: &Server, arguments: &[&str]) -> anyhow::Result<Value> {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--json"]).collect();
    let printed = server.command(&arguments)?;
    serde_json::from_str(printed.trim()).with_context(|| format!("reading the answer of `recado {}`", arguments[0]))
}

fn text<'a>(value: &'a Value, name: &str) -> anyhow::Result<&'a str> {
    value[name].as_str().with_context(|| format!("the answer names no {name}"))
}

/// A JUnit report: one test case per route and phase.
fn read(xml: &str) -> Tally {
    let cases = xml.matches("<testcase ").count();
    let failed = xml.split("<testcase ").skip(1).filter(|case| case.contains("<failure") || case.contains("<error")).count();
    Tally { passed: cases - failed, failed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_with_failures_or_errors_have_failed() {
        let xml = "<testsuites><testsuite><testcase name=\"a\"/><testcase name=\"b\"><failure/></testcase>\
                   <testcase name=\"c\"><error/></testcase></testsuite></testsuites>";
        assert_eq!(read(xml), Tally { passed: 1, failed: 2 });
        assert_eq!(read(""), Tally::default());
    }
}
