//! What a run found, for people and for programs.

use std::time::Duration;

use serde_json::json;

use crate::clients::Intention;
use crate::compare::Findings;

/// So many offenders of each kind are explained.
const EXPLAINED: usize = 5;

/// The outcome of a run.
#[derive(Debug)]
pub struct Report {
    /// What decided every moment.
    pub seed: u64,
    /// Messages with an answer.
    pub accepted: usize,
    /// Attempts of clients that had none.
    pub unanswered: usize,
    /// Attempts that were refused with 429 or 5xx.
    pub refused: usize,
    /// How often the server was killed.
    pub kills: usize,
    /// How often PostgreSQL was stopped in immediate mode.
    pub crashes: usize,
    /// Calls at the receiver.
    pub calls: usize,
    /// Of them not taken.
    pub failed_calls: usize,
    /// How often the clock was moved on to the next retries.
    pub jumps: usize,
    /// What the comparison says.
    pub findings: Findings,
    /// Whether anything was left to do at the end.
    pub quiet: bool,
    /// How long it took.
    pub took: Duration,
    /// Whether the server knows `Idempotency-Key`.
    pub keys: bool,
}

impl Report {
    /// What the clients know, summed up.
    pub fn count(intentions: &[Intention]) -> (usize, usize, usize) {
        let accepted = intentions.iter().filter(|wish| wish.acknowledged.is_some()).count();
        let sum = |of: fn(&Intention) -> usize| intentions.iter().map(of).sum();
        (accepted, sum(|wish| wish.unanswered), sum(|wish| wish.refused))
    }

    /// Nothing lost, doubled or out of order, and nothing left undone.
    pub fn is_clean(&self) -> bool {
        self.findings.is_clean() && self.quiet
    }

    /// One JSON object with exactly the figures that are promised.
    pub fn json(&self) -> String {
        let Findings { lost, duplicated, reordered, .. } = &self.findings;
        json!({ "accepted": self.accepted, "kills": self.kills, "lost": lost.len(), "duplicated": duplicated.len(), "reordered": reordered.len() })
            .to_string()
    }

    /// The table, and the first few offenders.
    pub fn readable(&self) -> String {
        let found = &self.findings;
        let mut text = format!("\nSeed {}, {:.0} s\n", self.seed, self.took.as_secs_f32());
        let mut row = |name: &str, count: usize| text.push_str(&format!("  {count:>7}  {name}\n"));
        row("accepted", self.accepted);
        row("attempts without an answer", self.unanswered);
        row("attempts refused (429, 5xx)", self.refused);
        row("answers from the simulated phones", found.answers);
        row("calls at the receiver", self.calls);
        row("of them not taken (500, broken off)", self.failed_calls);
        row("calls repeated after they were taken, same delivery", found.repeated_calls);
        row("kills of the server", self.kills);
        row("immediate stops of PostgreSQL", self.crashes);
        row("moves of the clock to the next retries", self.jumps);
        row("second messages of clients whose answer was lost", found.unacknowledged_repeats);
        row("LOST", found.lost.len());
        row("DUPLICATED", found.duplicated.len());
        row("REORDERED", found.reordered.len());
        if !self.keys {
            text.push_str("  The server does not know Idempotency-Key: second messages are excused for every client.\n");
        }
        if !self.quiet {
            text.push_str("  Work was left when the time was up.\n");
        }
        for (kind, all) in [
            ("lost", &found.lost),
            ("duplicated", &found.duplicated),
            ("reordered", &found.reordered),
            ("offence", &found.offences),
        ] {
            all.iter().take(EXPLAINED).for_each(|sentence| text.push_str(&format!("  {kind}: {sentence}\n")));
            if all.len() > EXPLAINED {
                text.push_str(&format!("  {kind}: and {} more\n", all.len() - EXPLAINED));
            }
        }
        text
    }
}
