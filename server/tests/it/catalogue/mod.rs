//! `docs/event-catalogue.md` is written from the event definitions, the golden files and the projections of every context.

mod fields;
mod render;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use recado_accounts::{Accounts, AccountsSettings, FolderMailer};
use recado_billing::{Billing, BillingSettings};
use recado_event_store::Projection;
use recado_event_store::stored::AggregateEvents;
use recado_messaging::{Messaging, MessagingSettings};
use recado_testkit::TestPlatform;
use serde_json::Value;

use crate::program::{recado, said};

/// One bounded context as the catalogue shows it.
pub struct Context {
    pub name: &'static str,
    pub aggregates: Vec<AggregateEvents>,
    pub projections: Vec<Arc<dyn Projection>>,
    pub golden: PathBuf,
}

/// A golden file: type, version, events of its cases.
pub struct Golden {
    pub event_type: String,
    pub version: u32,
    pub events: Vec<Value>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

async fn contexts(mail: &Path) -> Vec<Context> {
    let platform = TestPlatform::start().await.platform;
    let mailer = Arc::new(FolderMailer::new(mail, "Recado <recado@example.com>").unwrap());
    let settings = AccountsSettings { public_url: "http://localhost".to_owned(), mail: mailer };
    let context = |name, aggregates, projections| Context {
        name,
        aggregates,
        projections,
        golden: root().join(format!("crates/{name}/tests/golden/events")),
    };
    vec![
        context("accounts", recado_accounts::stored_events(), Accounts::new(platform.clone(), settings).projections()),
        context(
            "messaging",
            recado_messaging::stored_events(),
            Messaging::new(platform.clone(), MessagingSettings::default()).projections(),
        ),
        context("billing", recado_billing::stored_events(), Billing::new(platform, BillingSettings::default()).projections()),
    ]
}

/// All golden files of a context, by name.
pub fn golden(context: &Context) -> Vec<Golden> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&context.golden).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files = paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    files
        .map(|path| {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let (event_type, version) = stem.split_once('@').unwrap();
            let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            Golden {
                event_type: event_type.to_owned(),
                version: version.split('.').next().unwrap().parse().unwrap(),
                events: cases.into_iter().map(|case| case["event"].clone()).collect(),
            }
        })
        .collect()
}

#[tokio::test]
async fn the_event_catalogue_is_fresh() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = render::catalogue(&contexts(folder.path()).await);
    let path = root().join("docs/event-catalogue.md");
    if std::env::var("RECADO_WRITE_CATALOGUE").is_ok_and(|on| on == "1") {
        std::fs::write(&path, &wanted).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    let first = wanted.lines().zip(written.lines()).find(|(a, b)| a != b);
    assert!(
        written == wanted,
        "docs/event-catalogue.md is out of date (first difference: {first:?}): run `{}`",
        render::REGENERATE
    );
}

#[test]
fn the_program_prints_its_catalogue_without_an_installation() {
    let printed = said(recado().args(["events", "catalogue"]).current_dir("/"));
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    assert!(printed.stdout == include_str!("../../../../docs/event-catalogue.md"), "it prints the catalogue it was built with");
    assert!(printed.stdout.contains("`message.accepted`"));
}
