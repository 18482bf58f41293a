//! `recado account create`.

use recado_accounts::CreateAccount;
use recado_kernel::Secret;
use serde_json::json;

use super::print;
use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// Customer accounts.
#[derive(Debug, clap::Subcommand)]
pub enum Account {
    /// Create an account whose e-mail counts as verified.
    Create {
        /// Permanent sign-in e-mail of its owner.
        #[arg(long)]
        email: String,
        /// Password of its owner.
        #[arg(long)]
        password: String,
        /// Name of its owner.
        #[arg(long)]
        name: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Account {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let Self::Create { email, password, name, json } = self;
        let session = Session::open(place).await?;
        let form = CreateAccount { email, password: Secret::new(password), name };
        let created =
            session.contexts.accounts.create_verified_account(form).await.map_err(|error| Problem::new(error.to_string()));
        session.close().await?;
        let created = created?;
        let value = json!({
            "account_id": created.account_id.to_string(),
            "client_token": created.client_token.expose(),
            "partner_token": created.partner_token.expose(),
        });
        print(&value, json);
        Ok(())
    }
}
