//! The rules of the house that a compiler does not know (docs/architecture.md 2): each check names its offenders.

mod arrows;
mod files;
mod golden;
mod lints;
mod manifest;
mod purity;
mod sizes;

use std::path::Path;
use std::process::ExitCode;

use crate::paths;
use crate::step::say;

/// One broken rule, as a sentence that names the place.
pub type Offence = String;
type Rule = fn(&Path) -> anyhow::Result<Vec<Offence>>;

const RULES: [(&str, Rule); 5] = [
    ("dependency arrows", arrows::check),
    ("pure domain", purity::check),
    ("file sizes", sizes::check),
    ("lint table", lints::check),
    ("golden events", golden::check),
];

/// Runs all checks; the result is the number of rules kept and broken.
pub fn all() -> anyhow::Result<(usize, usize)> {
    let mut broken = 0;
    for (name, rule) in RULES {
        let offences = rule(&paths::root())?;
        say(&format!(
            "    {name}: {}",
            if offences.is_empty() { "kept".to_owned() } else { format!("{} offences", offences.len()) }
        ));
        for offence in &offences {
            say(&format!("      {offence}"));
        }
        broken += usize::from(!offences.is_empty());
    }
    Ok((RULES.len() - broken, broken))
}

/// `cargo xtask check`.
pub fn run() -> anyhow::Result<ExitCode> {
    let (_, broken) = all()?;
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
