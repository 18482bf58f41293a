//! Keeps projections up to date.

use std::sync::Arc;

use tokio::sync::watch;

use super::step::{self, Stepped};
use super::{Projection, ProjectionError, follow, layout};
use crate::EventLog;

const WINDOW: i64 = 500;

/// Keeps projections up to date, one task each.
#[derive(Clone)]
pub struct Projector {
    log: EventLog,
    projections: Vec<Arc<dyn Projection>>,
}

impl Projector {
    /// Nothing to do yet.
    #[must_use]
    pub const fn new(log: EventLog) -> Self {
        Self { log, projections: vec![] }
    }

    /// Adds a projection.
    #[must_use]
    pub fn with(mut self, projection: Arc<dyn Projection>) -> Self {
        self.projections.push(projection);
        self
    }

    /// Runs until `stop` turns true; returns when every projection has finished its batch.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let tasks: Vec<_> = self
            .projections
            .into_iter()
            .map(|projection| tokio::spawn(follow::follow(self.log.clone(), projection, stop.clone())))
            .collect();
        for task in tasks {
            drop(task.await);
        }
    }

    /// Brings every projection up to date once: for the command line and for tests, which must not wait for a loop.
    ///
    /// # Errors
    /// The first projection that fails.
    pub async fn catch_up(&self) -> Result<(), ProjectionError> {
        for projection in &self.projections {
            while !self.caught_up(projection).await? {}
        }
        Ok(())
    }

    /// `false` when the projection got other lanes meanwhile.
    async fn caught_up(&self, projection: &Arc<dyn Projection>) -> Result<bool, ProjectionError> {
        for lane in layout::in_force(self.log.pool(), projection.as_ref()).await? {
            loop {
                match step::advance(&self.log, projection, &lane, WINDOW, None).await? {
                    Stepped::Moved | Stepped::Outrun => {}
                    Stepped::AtEnd | Stepped::HeldBack => break,
                    Stepped::Gone => return Ok(false),
                }
            }
        }
        Ok(true)
    }

    /// The names, for status pages and for waiting on all of them.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        self.projections.iter().map(|projection| projection.name()).collect()
    }
}
