//! `recado audit export`.

use std::io::Write;
use std::path::{Path, PathBuf};

use recado_event_store::audit::{AuditKeys, ExportError, Exporter, Format, Period};
use recado_kernel::AccountId;
use serde_json::json;

use crate::cli::print;
use crate::cli::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// Whose history, which part of it, and where to.
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The account's id.
    #[arg(long)]
    account: String,
    /// First day (2026-10-01, in São Paulo) or moment (RFC 3339). Default: the beginning.
    #[arg(long, default_value = "")]
    from: String,
    /// Last day or moment, included. Default: everything sealed by now.
    #[arg(long, default_value = "")]
    to: String,
    /// jsonl or csv
    #[arg(long, default_value = "jsonl")]
    format: String,
    /// File to write; must not exist. Default: standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Say what was written with one line of JSON; only with --out.
    #[arg(long, requires = "out")]
    json: bool,
}

impl Export {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        let account: AccountId = self
            .account
            .parse()
            .map_err(|_| Problem::new("--account must be an account's id, as `recado account create` printed it"))?;
        let period = Period::parse(&self.from, &self.to).map_err(|error| Problem::new(format!("--from, --to: {error}")))?;
        let format: Format = self.format.parse().map_err(|error| Problem::new(format!("--format: {error}")))?;
        let session = Session::open(place).await?;
        let written = self.write(&session, account, period, format).await;
        session.close().await?;
        written
    }

    async fn write(&self, session: &Session, account: AccountId, period: Period, format: Format) -> anyhow::Result<()> {
        let contexts = &session.contexts;
        if contexts.accounts.account(account).await?.is_none() {
            return Err(Problem::new(format!("there is no account {account}")).into());
        }
        let platform = &contexts.platform;
        let keys = AuditKeys::of(&platform.vault);
        let mut exporter =
            Exporter::begin(platform.pool(), &keys, account, period, format, platform.now()).await.map_err(said)?;
        let mut out = Output::open(self.out.as_deref())?;
        while let Some(piece) = exporter.next().await.map_err(said)? {
            out.write(&piece)?;
        }
        out.finish()?;
        if let Some(path) = &self.out {
            let (first, events) = (exporter.opening().after_ordinal + 1, exporter.events());
            let told = json!({
                "file": path.display().to_string(), "account": account, "events": events, "first_ordinal": first,
                "last_ordinal": first + events - 1
            });
            print(&told, self.json);
        }
        Ok(())
    }
}

fn said(error: ExportError) -> anyhow::Error {
    match error {
        ExportError::Tampered(_) => Problem::new(error.to_string()).into(),
        ExportError::Store(error) => error.into(),
    }
}

/// A new file, or standard output.
struct Output {
    to: Box<dyn Write + Send>,
    path: Option<PathBuf>,
}

impl Output {
    fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let to: Box<dyn Write + Send> = match path {
            None => Box::new(std::io::stdout()),
            Some(path) => Box::new(
                std::fs::File::create_new(path).map_err(|error| Problem::new(format!("--out {}: {error}", path.display())))?,
            ),
        };
        Ok(Self { to, path: path.map(Path::to_owned) })
    }

    fn write(&mut self, text: &str) -> anyhow::Result<()> {
        self.to.write_all(text.as_bytes()).map_err(|error| self.problem(&error))
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.to.flush().map_err(|error| self.problem(&error))
    }

    fn problem(&self, error: &std::io::Error) -> anyhow::Error {
        let place = self.path.as_ref().map_or_else(|| "standard output".to_owned(), |path| path.display().to_string());
        Problem::new(format!("{place} cannot be written: {error}")).into()
    }
}
