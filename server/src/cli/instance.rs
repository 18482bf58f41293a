//! `recado instance create`.

use recado_kernel::{AccountId, Actor, Door, Name};
use serde_json::json;

use super::print;
use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// WhatsApp instances.
#[derive(Debug, clap::Subcommand)]
pub enum Instance {
    /// Create an instance; its trial of two days begins.
    Create {
        /// The account's id, as `account create` printed it.
        #[arg(long)]
        account: String,
        /// Display name.
        #[arg(long)]
        name: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Instance {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let Self::Create { account, name, json } = self;
        let account: AccountId = account.parse().map_err(|_| {
            Problem::new("--account is not an account id: use the account_id that `recado account create` printed")
        })?;
        let name: Name = name.parse().map_err(|error| Problem::new(format!("--name: {error}")))?;
        let session = Session::open(place).await?;
        let known = session.contexts.accounts.account(account).await;
        let created = match known {
            Ok(Some(_)) => {
                let meta = session.contexts.platform.meta(account, Actor::System("cli".into()), Door::Job);
                session.contexts.messaging.create_instance(meta, name).await.map_err(anyhow::Error::from)
            }
            Ok(None) => Err(Problem::new(format!("there is no account {account}")).into()),
            Err(error) => Err(error.into()),
        };
        session.close().await?;
        let created = created?;
        print(&json!({"id": created.id.public(), "token": created.token.expose(), "due": created.due.timestamp_millis()}), json);
        Ok(())
    }
}
