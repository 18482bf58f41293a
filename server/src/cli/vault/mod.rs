//! `recado vault …`: exchanging the installation key, forgetting people.

mod erase;
mod rotate;

use crate::installation::Place;

/// Keys and personal data.
#[derive(Debug, clap::Subcommand)]
pub enum Vault {
    /// Exchange the installation key; works beside running servers.
    Rotate(rotate::Rotate),
    /// Erase a person's data for good.
    Erase(erase::Erase),
    /// Show the reports of an account's erasures, newest first.
    Erasures(erase::Erasures),
}

impl Vault {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        match self {
            Self::Rotate(command) => command.run(place).await,
            Self::Erase(command) => command.run(place).await,
            Self::Erasures(command) => command.run(place).await,
        }
    }
}
