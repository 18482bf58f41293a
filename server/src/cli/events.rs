//! `recado events catalogue`: every event this program writes, without an installation.

/// Written from the code and the golden files; a test keeps it fresh.
const CATALOGUE: &str = include_str!("../../../docs/event-catalogue.md");

/// Event types; needs no database.
#[derive(Debug, clap::Subcommand)]
pub enum Events {
    /// Print the event catalogue (Markdown): types, versions, fields, who reads them.
    Catalogue,
}

impl Events {
    pub fn run(self) {
        let Self::Catalogue = self;
        print!("{CATALOGUE}");
    }
}
