//! Waiting until nothing is left to do. Retries of callbacks are minutes and hours apart: whenever hardly anything new comes for a while the
//! server is stopped in order and started with its clock moved on, so that what is due later is due now.

use std::time::Duration;

use sqlx::PgPool;
use tokio::time::Instant;

use crate::clients::Intention;
use crate::compare::{Findings, compare};
use crate::ledgers::{Ledgers, work_left};
use crate::mischief::Victims;
use crate::plan::Plan;
use crate::receiver::Receiver;

/// Minutes to the next retries (plugzapi-api.md 3.1: 10 s, 30 s, 2 min, 10 min, 1 h, with room); together well below the trial's two days.
const JUMPS: [u32; 9] = [1, 2, 5, 20, 100, 100, 100, 100, 100];
const LOOK: Duration = Duration::from_millis(250);
/// Fewer news than this in [`Plan::stall`] are but retries that trickle in.
const TRICKLE: usize = 12;

/// How it ended.
pub struct Calm {
    /// The last comparison.
    pub findings: Findings,
    /// Nothing was left.
    pub quiet: bool,
    /// How often the clock was moved.
    pub jumps: usize,
}

/// Waits for agreement and for an empty list of work, until `deadline` or until every retry was had.
pub async fn wait(
    victims: &Victims,
    pool: &PgPool,
    receiver: &Receiver,
    plan: &Plan,
    intentions: &[Intention],
    keys: bool,
    deadline: Instant,
) -> anyhow::Result<Calm> {
    let progress = &victims.progress;
    let mut jumps = 0;
    let mut mark = (Instant::now(), progress.news());
    loop {
        let over = Instant::now() > deadline;
        let patience = if jumps < JUMPS.len() { plan.stall } else { plan.stall * 4 };
        let still = mark.0.elapsed() > patience && progress.mischief_is_over();
        if still && progress.news() > mark.1 + TRICKLE {
            mark = (Instant::now(), progress.news());
            continue;
        }
        // Comparing costs something: only when nothing is left to do, or no time.
        if progress.mischief_is_over() {
            let quiet = work_left(pool).await.is_none_or(|left| left == 0);
            let out_of_time = over || (still && jumps == JUMPS.len());
            if quiet || out_of_time {
                let findings = compare(&plan.chats, intentions, &Ledgers::read(pool, receiver.calls()).await?, keys);
                if (findings.lost.is_empty() && quiet) || out_of_time {
                    return Ok(Calm { findings, quiet, jumps });
                }
            }
        }
        if still && jumps < JUMPS.len() && !over {
            let mut program = victims.program.lock().await;
            program.stop().await?;
            program.move_clock(JUMPS[jumps]);
            program.start().await?;
            jumps += 1;
            mark = (Instant::now(), progress.news());
        }
        tokio::time::sleep(LOOK).await;
    }
}
