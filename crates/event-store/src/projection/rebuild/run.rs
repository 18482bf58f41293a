//! The rebuild itself: window after window into the shadow, then the swap.

use std::time::Duration;

use tokio::sync::watch;

use super::swap::Swapped;
use super::{Rebuild, RebuildError};
use crate::lease::{self, Lease};
use crate::projection::step::{self, Cursor, Lane};
use crate::projection::window::{self, Share, Window};
use crate::projection::{ProjectionError, layout};
use crate::{Position, StoreError};

const WINDOW: i64 = 2_000;
/// Tries to get the tables for the swap, each bounded by its lock timeout.
const SWAP_TRIES: u32 = 120;
const BETWEEN_TRIES: Duration = Duration::from_millis(250);

/// Turns true when the rebuild shall stop after its window.
pub type Stop = watch::Receiver<bool>;

/// How far a rebuild has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Where the shadow stands.
    pub position: Position,
    /// Wanted events folded by this run.
    pub folded: u64,
}

impl Rebuild {
    /// Builds the read model anew and puts it in place. A run that was killed or stopped is continued. Answers with the last progress.
    ///
    /// # Errors
    /// See [`RebuildError`]; the living tables are untouched then.
    pub async fn run(&self, stop: Stop, mut tell: impl FnMut(Progress) + Send) -> Result<Progress, RebuildError> {
        let pool = self.log.pool();
        layout::in_force(pool, self.projection.as_ref()).await?;
        let lease_name = format!("rebuild {}", self.name());
        let Some(lease) = lease::acquire(pool, &lease_name, &self.holder, self.term).await? else {
            let holder =
                lease::held(pool, &lease_name).await?.pop().map_or_else(|| "another process".to_owned(), |held| held.holder);
            return Err(RebuildError::Busy { name: self.name().to_owned(), holder });
        };
        // Beside the work, because some of its steps (copying a month, analysing) take longer than the lease lasts.
        let outcome = tokio::select! {
            outcome = self.run_leased(&lease, stop, &mut tell) => outcome,
            () = self.until_lost(&lease) => Err(RebuildError::TakenOver(self.name().to_owned())),
        };
        if let Err(RebuildError::Projection(error)) = &outcome
            && !matches!(error, ProjectionError::Store(error) if error.is_unavailable())
        {
            step::mark_stopped(&self.log, &self.row(), &error.to_string()).await;
        }
        // One that cannot be given back runs out.
        drop(lease.release(pool).await);
        outcome
    }

    async fn run_leased(
        &self,
        lease: &Lease,
        stop: Stop,
        tell: &mut (impl FnMut(Progress) + Send),
    ) -> Result<Progress, RebuildError> {
        // Before anything is dropped: it may be refused.
        self.archived().await?;
        let mut cursor = self.prepare(lease).await?;
        let archived = self.archived_beside_our_checkpoint().await?;
        self.take_over(&archived, cursor.position).await?;
        let mut progress = Progress { position: cursor.position, folded: 0 };
        let (mut analysed, mut tries) = (false, 0);
        let mut window = self.window(cursor.position).await?;
        loop {
            if *stop.borrow() {
                return Err(RebuildError::Stopped);
            }
            let folded = u64::try_from(window.wanted.len()).unwrap_or_default();
            let was_full = window.full;
            let next = self.fold(&mut cursor, window).await?;
            progress = Progress { position: cursor.position, folded: progress.folded + folded };
            tell(progress);
            window = match next {
                Some(next) => next,
                None => self.window(cursor.position).await?,
            };
            if was_full || window.full {
                continue;
            }
            // Less than one window behind.
            if !analysed {
                self.analyse().await?;
                analysed = true;
                continue;
            }
            match self.swap_in(cursor).await? {
                Swapped::Done => return Ok(progress),
                Swapped::TooFarBehind => {}
                Swapped::TablesInUse if tries >= SWAP_TRIES => return Err(RebuildError::TablesInUse(self.name().to_owned())),
                Swapped::TablesInUse => {
                    tries += 1;
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                Swapped::TakenOver => return Err(RebuildError::TakenOver(self.name().to_owned())),
            }
        }
    }

    /// Gives signs of life; ends when the lease is somebody else's or ran out. A database that is away is noticed by the work itself.
    async fn until_lost(&self, lease: &Lease) {
        loop {
            tokio::time::sleep(self.term / 6).await;
            if let Ok(false) = lease.renew(self.log.pool(), self.term).await {
                return;
            }
        }
    }

    async fn window(&self, after: Position) -> Result<Window, StoreError> {
        window::read(self.log.pool(), Share::of(self.projection.as_ref(), 0, 1), after, None, WINDOW).await
    }

    /// Folds the window into the shadow while the next one is read.
    async fn fold(&self, cursor: &mut Cursor, window: Window) -> Result<Option<Window>, RebuildError> {
        let Some(end) = window.end else { return Ok(None) };
        let lane = Lane { row: self.row(), lane: 0, lanes: 1, schema: Some(self.shadow_schema()) };
        let prefetch = async {
            match window.full {
                true => self.window(end).await.map(Some),
                false => Ok(None),
            }
        };
        let (folded, next) = tokio::join!(step::fold(&self.log, self.projection.as_ref(), &lane, *cursor, &window), prefetch);
        if !folded? {
            return Err(RebuildError::TakenOver(self.name().to_owned()));
        }
        cursor.position = end;
        Ok(next?)
    }
}
