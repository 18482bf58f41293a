//! `recado staff create`.

use recado_accounts::{CreateStaff, StaffRole};
use recado_kernel::Secret;
use serde_json::json;

use super::print;
use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// People of the operator: support, finance, admin.
#[derive(Debug, clap::Subcommand)]
pub enum Staff {
    /// Create a person who signs in like everybody.
    Create {
        /// Sign-in e-mail.
        #[arg(long)]
        email: String,
        /// Password.
        #[arg(long)]
        password: String,
        /// support, finance or admin.
        #[arg(long)]
        role: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl Staff {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let Self::Create { email, password, role, json } = self;
        let role: StaffRole = role.parse().map_err(|_| Problem::new("the role must be support, finance or admin"))?;
        let session = Session::open(place).await?;
        let created = session.contexts.accounts.create_staff(CreateStaff { email, password: Secret::new(password), role }).await;
        session.close().await?;
        let id = created.map_err(|error| Problem::new(error.to_string()))?;
        print(&json!({"staff_id": id.to_string()}), json);
        Ok(())
    }
}
