//! `recado audit export|verify|check|key`: the sealed chain for operators and auditors.

mod check;
mod export;
mod key;
mod verify;

use crate::installation::Place;

/// The sealed history: export it, prove an export, check the database.
#[derive(Debug, clap::Subcommand)]
pub enum Audit {
    /// Write an account's history to a file that proves itself.
    Export(export::Export),
    /// Prove an export; needs no installation. Exit code 2 when it is broken.
    Verify(verify::Verify),
    /// Compare the whole log with its seals. Exit code 2 when something was changed.
    Check(check::Check),
    /// The public key that exports are signed with.
    Key(key::Key),
}

impl Audit {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        match self {
            Self::Export(command) => command.run(place).await,
            Self::Verify(command) => command.run(),
            Self::Check(command) => command.run(place).await,
            Self::Key(command) => command.run(place).await,
        }
    }
}
