//! The loop behind a projection: woken by appends, by other processes and by a clock, it folds what is new.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::step::{self, Lane, Stepped};
use super::{Projection, ProjectionError, layout};
use crate::EventLog;

const WINDOW: i64 = 500;
/// Appends of this process ring, those of others are told by `NOTIFY`: looking by the clock only covers what was missed.
const POLL: Duration = Duration::from_secs(1);
/// Stored events may wait behind a transaction that is still open: nothing rings when it ends, so look again soon, then less often.
const FIRST_HOLD: Duration = Duration::from_millis(10);
const LONGEST_HOLD: Duration = Duration::from_millis(160);
const LONGEST_OUTAGE_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_STOP: Duration = Duration::from_secs(30);

/// Follows the log until `stop` turns true, lane by lane.
pub(super) async fn follow(log: EventLog, projection: Arc<dyn Projection>, mut stop: watch::Receiver<bool>) {
    let mut pause = POLL;
    let mut settled = false;
    while !*stop.borrow() {
        // Once: a newer program that changes the lanes later is followed, not fought.
        let lanes = match settled {
            true => layout::in_force(log.pool(), projection.as_ref()).await.map_err(ProjectionError::from),
            false => layout::settle(&log, &projection).await,
        };
        match lanes {
            Ok(lanes) => {
                (settled, pause) = (true, POLL);
                let lanes = lanes
                    .into_iter()
                    .map(|lane| tokio::spawn(follow_lane(log.clone(), projection.clone(), lane, stop.clone())))
                    .collect::<Vec<_>>();
                for lane in lanes {
                    drop(lane.await);
                }
            }
            Err(error) => {
                pause = record(&log, &projection, projection.name(), &error, pause).await;
                rest(&mut stop, pause).await;
            }
        }
    }
}

/// Returns when `stop` turns true or the projection has other lanes.
async fn follow_lane(log: EventLog, projection: Arc<dyn Projection>, lane: Lane, mut stop: watch::Receiver<bool>) {
    let mut appended = log.listen_appended();
    let mut pause = POLL;
    while !*stop.borrow() {
        appended.mark_unchanged();
        match step::advance(&log, &projection, &lane, WINDOW, Some(stop.clone())).await {
            Ok(Stepped::Moved | Stepped::Outrun) => {
                pause = POLL;
                continue;
            }
            Ok(Stepped::AtEnd) => pause = POLL,
            Ok(Stepped::HeldBack) => pause = if pause > LONGEST_HOLD { FIRST_HOLD } else { (pause * 2).min(LONGEST_HOLD) },
            Ok(Stepped::Gone) => return,
            Err(error) => {
                pause = record(&log, &projection, &lane.row, &error, pause).await;
                // News does not mend it: trying at every append would only hold the other readers back.
                rest(&mut stop, pause).await;
                continue;
            }
        }
        tokio::select! {
            _ = stop.changed() => {}
            _ = appended.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Says what is wrong where people look, and answers how long to rest.
async fn record(
    log: &EventLog,
    projection: &Arc<dyn Projection>,
    row: &str,
    error: &ProjectionError,
    pause: Duration,
) -> Duration {
    let name = projection.name();
    match error {
        ProjectionError::Store(error) if error.is_unavailable() => {
            tracing::warn!(projection = name, %error, "projection waits for the database");
            (pause * 2).min(LONGEST_OUTAGE_PAUSE)
        }
        // An event or a row nobody can read, a statement that is refused: it does not mend itself, so people must see it.
        error => {
            tracing::error!(projection = name, row, %error, "projection stopped: it skips nothing");
            step::mark_stopped(log, row, &error.to_string()).await;
            (pause * 2).min(LONGEST_STOP)
        }
    }
}

async fn rest(stop: &mut watch::Receiver<bool>, pause: Duration) {
    tokio::select! {
        _ = stop.changed() => {}
        () = tokio::time::sleep(pause) => {}
    }
}
