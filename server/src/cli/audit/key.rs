//! `recado audit key`.

use recado_event_store::audit::AuditKeys;

use crate::cli::print;
use crate::installation::{Installation, Place};
use crate::well_known;

/// How to answer.
#[derive(Debug, clap::Args)]
pub struct Key {
    /// Answer with one line of JSON, as published.
    #[arg(long)]
    json: bool,
}

impl Key {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let installation = Installation::open(place).await?;
        let key = AuditKeys::of(&installation.platform.vault).public_key();
        installation.close().await;
        print(&well_known::audit_key(&key?), self.json);
        Ok(())
    }
}
