//! Why a month is not archived or restored.

use std::io;
use std::path::{Path, PathBuf};

use super::file::ArchiveBroken;
use crate::StoreError;
use crate::audit::WalkError;
use crate::partitions::Month;

/// Says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It goes on.
    #[error("{0} is not over yet")]
    NotOver(Month),
    /// Never made, or archived before.
    #[error(
        "there is no partition for {0}: nothing was stored in it, or it lies in the part of the log from before there were months"
    )]
    NoSuchMonth(Month),
    /// Nothing is left of it.
    #[error("the log holds no event of {0}: there is nothing to archive")]
    Nothing(Month),
    /// Somebody else archives or restores.
    #[error("another run archives or restores months of this database: wait until it has ended")]
    Busy,
    /// What this run relied on was changed under it.
    #[error("somebody else changed what is known of {0} meanwhile: look at `recado archive list`, then run the command again")]
    Interfered(Month),
    /// A file that is not ours stands where the month's file goes.
    #[error("{path} is there already, and it is no sound archive of this installation ({why}): move it, or name another folder")]
    InTheWay {
        /// Which file.
        path: PathBuf,
        /// Why it is not ours.
        why: String,
    },
    /// Somebody has not read it.
    #[error("{name} has not read {month} to its end yet: let the servers run until it has{hint}")]
    NotRead {
        /// Which month.
        month: Month,
        /// Which projection.
        name: String,
        /// What else may help.
        hint: &'static str,
    },
    /// Nobody seals.
    #[error("the events of {0} are not sealed: archiving needs the sealed chain, start a server that seals first")]
    NotSealed(Month),
    /// It is not archived.
    #[error("{0} is not archived")]
    NotArchived(Month),
    /// The chain is broken.
    #[error("the log is not what was sealed, so nothing is archived as if it were: {0}")]
    Tampered(String),
    /// Something came again and again.
    #[error("events for {0} keep coming: try again later")]
    StillMoving(Month),
    /// A file that is no proof.
    #[error("{path}: {why}")]
    Broken {
        /// Which file.
        path: PathBuf,
        /// The first thing that is wrong.
        why: ArchiveBroken,
    },
    /// The file says something else than the seals.
    #[error("{path} is not the archive of this installation: {why}")]
    Foreign {
        /// Which file.
        path: PathBuf,
        /// What does not fit.
        why: String,
    },
    /// The disk.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ArchiveError {
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

impl From<sqlx::Error> for ArchiveError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<WalkError> for ArchiveError {
    fn from(error: WalkError) -> Self {
        match error {
            WalkError::Tampered(finding) => Self::Tampered(finding.to_string()),
            WalkError::Store(error) => Self::Store(error),
        }
    }
}
