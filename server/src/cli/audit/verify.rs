//! `recado audit verify`: without an installation, a data folder or a database.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use recado_event_store::archive::{ArchiveBroken, ArchiveError, is_archive, verify_file};
use recado_event_store::audit::{Digest, Expected, PublicKey, VerifyError, verify};
use serde_json::{Value, json};

use crate::problem::Problem;

/// Which file, and what is known besides it.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The export, or the archive of a month (`recado archive messages`).
    file: PathBuf,
    /// A head noted earlier (64 hex digits): it must occur in the file.
    #[arg(long, value_name = "HEX")]
    head: Option<String>,
    /// The installation's public key: 64 hex digits, or a file that holds them (also the published recado-audit.json).
    #[arg(long, value_name = "HEX|FILE")]
    public_key: Option<String>,
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub fn run(self) -> anyhow::Result<()> {
        let head: Option<Digest> =
            self.head.as_deref().map(str::parse).transpose().map_err(|error| Problem::new(format!("--head: {error}")))?;
        let public_key = self.public_key.as_deref().map(public_key).transpose()?;
        if is_archive(&self.file).is_ok_and(|packed| packed) {
            return self.archive(head, public_key);
        }
        let file = File::open(&self.file).map_err(|error| Problem::new(format!("{}: {error}", self.file.display())))?;
        match verify(BufReader::new(file), Expected { head, public_key }) {
            Ok(verified) => {
                if self.json {
                    let mut answer = serde_json::to_value(&verified)?;
                    answer["valid"] = Value::Bool(true);
                    println!("{answer}");
                    return Ok(());
                }
                println!("ok    {} events of account {}", verified.events, verified.account);
                println!("ok    numbers {} to {}, head {}", verified.first_ordinal, verified.last_ordinal, verified.head);
                if let Some(ordinal) = verified.expected_head_at {
                    println!("ok    the expected head stands after event {ordinal}");
                }
                if verified.archived > 0 {
                    println!("note  {} events are in an archive: here stands their hash alone", verified.archived);
                }
                println!("ok    every line is as it was signed: no event was replaced by its hash after the export");
                println!("ok    signed with key {}", verified.public_key);
                if !verified.key_was_given {
                    println!(
                        "note  the key comes from the file itself: compare it with /.well-known/recado-audit.json of the installation, or pass --public-key"
                    );
                }
                Ok(())
            }
            Err(VerifyError::Broken(broken)) => {
                if self.json {
                    println!("{}", json!({"valid": false, "line": broken.line, "reason": broken.flaw.to_string()}));
                }
                Err(Problem::new(format!("{}: {broken}", self.file.display())).into())
            }
            Err(error @ VerifyError::Io(_)) => Err(Problem::new(format!("{}: {error}", self.file.display())).into()),
        }
    }
}

impl Verify {
    /// A month of message events that left the log (`recado archive messages`).
    fn archive(&self, head: Option<Digest>, public_key: Option<PublicKey>) -> anyhow::Result<()> {
        if head.is_some() {
            return Err(Problem::new("an archive holds parts of many chains: --head is for the export of one account").into());
        }
        match verify_file(&self.file, public_key) {
            Ok(verified) if self.json => {
                let mut answer = serde_json::to_value(&verified)?;
                answer["valid"] = Value::Bool(true);
                println!("{answer}");
                Ok(())
            }
            Ok(verified) => {
                println!("ok    archive of {}: {} messages, {} events", verified.month, verified.messages, verified.events);
                println!("ok    {} accounts, each part of its chain complete", verified.accounts);
                println!("ok    content {}", verified.sha256);
                println!("ok    signed with key {}", verified.public_key);
                if !verified.key_was_given {
                    println!(
                        "note  the key comes from the file itself: compare it with /.well-known/recado-audit.json of the installation, or pass --public-key"
                    );
                }
                Ok(())
            }
            Err(error) => {
                if self.json {
                    let line = match &error {
                        ArchiveError::Broken { why: ArchiveBroken::Line { line, .. }, .. } => Some(*line),
                        _ => None,
                    };
                    println!("{}", json!({"valid": false, "line": line, "reason": error.to_string()}));
                }
                Err(Problem::new(error.to_string()).into())
            }
        }
    }
}

/// Digits, or a file with digits or with the published JSON.
fn public_key(text: &str) -> Result<PublicKey, Problem> {
    if let Ok(key) = text.parse() {
        return Ok(key);
    }
    let refused = |why: String| Problem::new(format!("--public-key must be 64 hex digits, or a file that holds them: {why}"));
    let content = std::fs::read_to_string(Path::new(text)).map_err(|error| refused(format!("{text}: {error}")))?;
    let published: Option<String> = serde_json::from_str::<Value>(&content)
        .ok()
        .and_then(|value| value.get("public_key").and_then(Value::as_str).map(str::to_owned));
    let digits = published.unwrap_or_else(|| content.trim().to_owned());
    digits.parse().map_err(|_| refused(format!("{text} holds no key")))
}
