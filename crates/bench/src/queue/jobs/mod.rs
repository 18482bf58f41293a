//! Job queues on the same PostgreSQL with the same durability: how many jobs go in and how many are done a second. A job here does nothing.
//! In: 64 callers, each adding one job after the other; every call answers after its commit. Done: a backlog that is worked off.

mod neighbour;
mod ours;

use std::time::Duration;

use serde_json::{Value, json};

use super::{Options, round};
use crate::support::Bench;

/// One contestant's figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jobs {
    /// Added a second.
    pub in_per_second: f64,
    /// Done a second.
    pub done_per_second: f64,
}

/// What everybody does.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// Callers.
    pub callers: usize,
    /// How long they add.
    pub span: Duration,
    /// How large the backlog is.
    pub backlog: usize,
}

const OURS: &str = "recado";

/// Everybody in turn, three rounds (one when in a hurry); the middle one counts.
pub async fn measure(bench: &Bench, options: &Options) -> anyhow::Result<Vec<Value>> {
    let (rounds, span, backlog) = if bench.quick { (1, 1_000, 3_000) } else { (3, 3_000, 20_000) };
    let task = Task { callers: 64, span: Duration::from_millis(span), backlog };
    let mut figures: Vec<(&str, Vec<Jobs>)> = vec![];
    for _ in 0..rounds {
        let mut note = |name: &'static str, jobs: Option<Jobs>| {
            let Some(jobs) = jobs else { return };
            eprintln!("{name}: {:.0} in/s, {:.0} done/s", jobs.in_per_second, jobs.done_per_second);
            match figures.iter_mut().find(|(known, _)| *known == name) {
                Some((_, all)) => all.push(jobs),
                None => figures.push((name, vec![jobs])),
            }
        };
        note(OURS, Some(ours::run(bench, task).await?));
        note("pg-boss 10 (npm)", neighbour::npm(bench, "pg-boss", task).await?);
        note("graphile-worker 0.17 (npm)", neighbour::npm(bench, "graphile-worker", task).await?);
        note("apalis-postgres 1.0 (crates.io)", neighbour::apalis(bench, options.apalis.as_deref(), task).await?);
    }
    let middle: Vec<(&str, Jobs)> = figures.iter().map(|(name, all)| (*name, median(all))).collect();
    let ours = middle.iter().find(|(name, _)| *name == OURS).map(|(_, jobs)| *jobs);
    Ok(middle
        .iter()
        .map(|(name, jobs)| {
            let times = |of: fn(&Jobs) -> f64| ours.map(|ours| round(of(&ours) / of(jobs)));
            json!({
                "what": "jobs", "contestant": name, "in_per_second": jobs.in_per_second.round(), "done_per_second": jobs.done_per_second.round(),
                "recado_times_in": times(|jobs| jobs.in_per_second), "recado_times_done": times(|jobs| jobs.done_per_second),
            })
        })
        .collect())
}

fn median(all: &[Jobs]) -> Jobs {
    let middle = |of: fn(&Jobs) -> f64| {
        let mut sorted: Vec<f64> = all.iter().map(of).collect();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or_default()
    };
    Jobs { in_per_second: middle(|jobs| jobs.in_per_second), done_per_second: middle(|jobs| jobs.done_per_second) }
}
