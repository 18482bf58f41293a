//! `recado vault …`: exchanging the installation key, forgetting people.

mod rotate;

use crate::installation::Place;

/// Keys and personal data.
#[derive(Debug, clap::Subcommand)]
pub enum Vault {
    /// Exchange the installation key; works beside running servers.
    Rotate(rotate::Rotate),
}

impl Vault {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        match self {
            Self::Rotate(command) => command.run(place).await,
        }
    }
}
