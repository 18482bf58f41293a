//! `recado audit check`.

use recado_event_store::audit::{AuditKeys, Checked, check, check_account};
use recado_kernel::AccountId;

use crate::cli::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// What to check.
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Only this account.
    #[arg(long)]
    account: Option<String>,
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Check {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let account: Option<AccountId> =
            self.account.as_deref().map(str::parse).transpose().map_err(|_| Problem::new("--account must be an account's id"))?;
        let session = Session::open(place).await?;
        let platform = &session.contexts.platform;
        let keys = AuditKeys::of(&platform.vault);
        let found = match account {
            None => check(platform.pool(), &keys).await,
            Some(account) => {
                let mut checked = Checked::default();
                check_account(platform.pool(), &keys, account, &mut checked).await.map(|()| checked)
            }
        };
        session.close().await?;
        let checked = found?;
        if self.json {
            println!("{}", serde_json::to_value(&checked)?);
        } else {
            println!("{} events of {} accounts compared with their seals", checked.events, checked.accounts);
            if checked.archived > 0 {
                println!("{} of them are in archives: check their files with `recado audit verify`", checked.archived);
            }
            for finding in &checked.findings {
                println!("WRONG {finding}");
            }
        }
        match checked.findings.first() {
            None => Ok(()),
            Some(first) => Err(Problem::new(format!("the log is not what was sealed. {first}")).into()),
        }
    }
}
