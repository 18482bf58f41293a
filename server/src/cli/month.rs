//! `recado month preview|close`.

use recado_billing::BillingError;
use recado_kernel::{Actor, Competencia, Door, Money};
use serde_json::{Value, json};

use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// Billing months.
#[derive(Debug, clap::Subcommand)]
pub enum Month {
    /// What the month costs as things stand; changes nothing.
    Preview(Which),
    /// Close a month that is over. Closing again changes nothing.
    Close(Which),
}

/// Which month, and how to answer.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// YYYY-MM
    month: String,
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Month {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let (which, close) = match self {
            Self::Preview(which) => (which, false),
            Self::Close(which) => (which, true),
        };
        let competencia: Competencia = which
            .month
            .parse()
            .map_err(|error: recado_kernel::competencia::InvalidCompetencia| Problem::new(error.to_string()))?;
        let session = Session::open(place).await?;
        let billing = &session.contexts.billing;
        let outcome = if close {
            billing.close_month(competencia, Actor::System("cli".into()), Door::Job).await
        } else {
            billing.preview_month(competencia).await
        };
        session.close().await?;
        let accounts = outcome.map_err(|error| match error {
            BillingError::Store(_) | BillingError::ProjectionStopped(_) => anyhow::Error::from(error),
            other => Problem::new(other.to_string()).into(),
        })?;
        let accounts: Vec<Value> = accounts.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
        let total: Money = accounts.iter().filter_map(|account| account["total"].as_str()?.parse::<Money>().ok()).sum();
        if which.json {
            println!("{}", json!({"month": competencia.to_string(), "closed": close, "accounts": accounts, "total": total}));
            return Ok(());
        }
        for account in &accounts {
            let lines = account["lines"].as_array().map_or(0, Vec::len);
            println!(
                "{}  {lines} lines  {}",
                account["account"].as_str().unwrap_or_default(),
                account["total"].as_str().unwrap_or_default()
            );
        }
        println!("{competencia}: {} accounts, total {}", accounts.len(), total.to_brl());
        Ok(())
    }
}
