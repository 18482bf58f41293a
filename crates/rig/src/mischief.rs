//! Kills the server, and PostgreSQL with it now and then, at the planned moments.

use std::sync::Arc;
use std::time::{Duration, Instant};

use recado_postgres::Cluster;
use tokio::sync::Mutex;

use crate::plan::{Database, Kill};
use crate::program::Program;
use crate::progress::Progress;

/// How often the meter is read.
const LOOK: Duration = Duration::from_millis(10);

/// What may be destroyed.
#[derive(Clone)]
pub struct Victims {
    /// The server. Whoever starts or stops it holds it.
    pub program: Arc<Mutex<Program>>,
    /// Its private PostgreSQL; our share in it keeps it alive between two servers.
    pub cluster: Arc<Cluster>,
    /// Who watches.
    pub progress: Arc<Progress>,
}

impl Victims {
    /// Carries out the kills; returns how often PostgreSQL was stopped.
    pub async fn suffer(self, kills: Vec<Kill>) -> anyhow::Result<usize> {
        let (mut crashes, begun) = (0, Instant::now());
        for kill in kills {
            while self.progress.meter() < kill.after && begun.elapsed() < kill.at_latest {
                tokio::time::sleep(LOOK).await;
            }
            tokio::time::sleep(kill.delay).await;
            crashes += usize::from(kill.database != Database::Spared);
            self.one(&kill).await?;
        }
        self.progress.end_mischief();
        Ok(crashes)
    }

    async fn one(&self, kill: &Kill) -> anyhow::Result<()> {
        let mut program = self.program.lock().await;
        anyhow::ensure!(!program.died(), "the server died by itself; its log is {}", program.log.display());
        if kill.database == Database::UnderTheServer {
            self.postgres(false).await?;
            tokio::time::sleep(kill.pause).await;
            self.postgres(true).await?;
            // It must live on and come back by itself before it is killed like every other time.
            tokio::time::sleep(Duration::from_millis(500)).await;
            anyhow::ensure!(!program.died(), "the server died of PostgreSQL's absence; its log is {}", program.log.display());
        }
        program.kill().await?;
        self.progress.killed();
        if kill.database == Database::WithTheServer {
            self.postgres(false).await?;
        }
        tokio::time::sleep(kill.pause).await;
        program.start().await
    }

    async fn postgres(&self, start: bool) -> anyhow::Result<()> {
        let cluster = self.cluster.clone();
        tokio::task::spawn_blocking(move || if start { cluster.start_again() } else { cluster.stop_now("immediate") }).await??;
        Ok(())
    }
}
