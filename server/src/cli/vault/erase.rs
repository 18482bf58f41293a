//! `recado vault erase` and `recado vault erasures`: forgetting a person, and the reports of having done so.

use recado_accounts::{EraseError, EraseSubject, Erased, Subject};
use recado_kernel::{AccountId, Actor, ChatAddress, Door};
use serde_json::{Value, json};

use crate::cli::print;
use crate::cli::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// Erase a person's data for good (docs/operations/erasure.md).
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("whose").required(true).args(["contact", "owner"])))]
pub struct Erase {
    /// The account.
    #[arg(long, value_name = "ID")]
    account: String,
    /// Somebody the account exchanged messages with: phone with country code, or group id.
    #[arg(long, value_name = "PHONE")]
    contact: Option<String>,
    /// The account's owner.
    #[arg(long)]
    owner: bool,
    /// Open invoices are settled outside Recado (with --owner).
    #[arg(long, requires = "owner")]
    invoices_settled: bool,
    /// Only say what would go.
    #[arg(long)]
    dry_run: bool,
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

/// Show the reports of an account's erasures, newest first.
#[derive(Debug, clap::Args)]
pub struct Erasures {
    /// The account.
    #[arg(long, value_name = "ID")]
    account: String,
    /// Answer with one line of JSON each.
    #[arg(long)]
    json: bool,
}

impl Erase {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let asked =
            EraseSubject { account: account(&self.account)?, subject: self.subject()?, invoices_settled: self.invoices_settled };
        let session = Session::open(place).await?;
        let accounts = &session.contexts.accounts;
        let done = if self.dry_run {
            accounts.preview_erasure(&asked).await.map(|report| {
                let mut shown = json!({ "dry_run": true, "kind": asked.subject.kind().as_str() });
                add(&mut shown, &report);
                shown
            })
        } else {
            accounts.erase_subject(&asked, Actor::System("cli".to_owned()), Door::Job).await.map(|erased| shown(&erased))
        };
        session.close().await?;
        let report = done.map_err(|error| match error {
            EraseError::Store(error) => anyhow::Error::from(error),
            refused => Problem::new(refused.to_string()).into(),
        })?;
        print(&report, self.json);
        Ok(())
    }

    fn subject(&self) -> anyhow::Result<Subject> {
        match &self.contact {
            None => Ok(Subject::Owner),
            Some(text) => {
                let bad =
                    |_| Problem::new("the contact must be a phone number with country code, e.g. 5562900000001, or a group id");
                Ok(Subject::Contact(text.parse::<ChatAddress>().map_err(bad)?))
            }
        }
    }
}

impl Erasures {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let account = account(&self.account)?;
        let session = Session::open(place).await?;
        let reports = session.contexts.accounts.erasures(account).await;
        session.close().await?;
        for erased in reports? {
            print(&shown(&erased), self.json);
        }
        Ok(())
    }
}

fn account(text: &str) -> anyhow::Result<AccountId> {
    Ok(text.parse().map_err(|_| Problem::new("the account must be an id such as `recado account create` prints"))?)
}

fn shown(erased: &Erased) -> Value {
    let mut shown = json!({
        "kind": erased.erased.kind.as_str(),
        "subject": erased.erased.subject,
        "key_generation": erased.erased.key_generation,
        "by": erased.actor.to_string(),
        "at": erased.at,
        "position": erased.position,
    });
    add(&mut shown, &erased.erased.report);
    shown
}

/// The report's fields beside the others.
fn add(shown: &mut Value, report: &recado_accounts::ErasureReport) {
    if let (Value::Object(shown), Ok(Value::Object(report))) = (shown, serde_json::to_value(report)) {
        shown.extend(report);
    }
}
