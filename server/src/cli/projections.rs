//! `recado projections status|rebuild|rollback|forget`.

use std::sync::Arc;

use recado_event_store::Projection;
use recado_event_store::projection::rebuild::{Progress, Rebuild, RebuildError};
use recado_event_store::projection::status::{ProjectionStatus, Standing, statuses};
use serde_json::json;
use tokio::sync::watch;

use super::print;
use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// Read models and reactors: how far they are, and building a read model anew while everything goes on.
#[derive(Debug, clap::Subcommand)]
pub enum Projections {
    /// How far each has read, and whether it stopped.
    Status {
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Build a read model anew from all events beside the serving one, then put it in place. May be stopped and continued.
    Rebuild(Which),
    /// Put the tables back that served before the last rebuild. They catch up by themselves.
    Rollback(Which),
    /// Drop the tables kept for a rollback.
    Forget(Which),
}

/// Which read model, and how to answer.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Its name, e.g. instance@1.
    name: String,
    /// Answer with one line of JSON.
    #[arg(long)]
    json: bool,
}

impl Projections {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        // Not brought up to date first: one that stopped must not keep its own mending from being run.
        let session = Session::open_as_it_is(place).await?;
        let outcome = self.run_in(&session).await;
        session.close_as_it_is().await;
        outcome
    }

    async fn run_in(self, session: &Session) -> anyhow::Result<()> {
        match self {
            Self::Status { json } => status(session, json).await,
            Self::Rebuild(which) => {
                let progress = run_rebuild(&which.rebuild(session)?).await.map_err(told)?;
                let position = progress.position.position;
                print(&json!({"name": which.name, "rebuilt": true, "events": progress.folded, "position": position}), which.json);
                Ok(())
            }
            Self::Rollback(which) => {
                which.rebuild(session)?.rollback().await.map_err(told)?;
                print(&json!({"name": which.name, "rolled_back": true}), which.json);
                Ok(())
            }
            Self::Forget(which) => {
                which.rebuild(session)?.forget().await.map_err(told)?;
                print(&json!({"name": which.name, "forgotten": true}), which.json);
                Ok(())
            }
        }
    }
}

impl Which {
    fn rebuild(&self, session: &Session) -> Result<Rebuild, Problem> {
        let known = session.contexts.projections();
        let Some(projection) = known.iter().find(|projection| projection.name() == self.name) else {
            let names: Vec<&str> = known.iter().filter(|p| !p.tables().is_empty()).map(|p| p.name()).collect();
            return Err(Problem::new(format!("there is no projection {:?}. Read models: {}", self.name, names.join(", "))));
        };
        let holder = format!("recado projections, process {}", std::process::id());
        let log = session.contexts.platform.log.clone();
        Rebuild::new(log, projection.clone(), &holder).map_err(|error| Problem::new(error.to_string()))
    }
}

/// Runs until done or Ctrl-C; says how far it is on stderr.
async fn run_rebuild(rebuild: &Rebuild) -> Result<Progress, RebuildError> {
    let (stop, stopped) = watch::channel(false);
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.send_replace(true);
        }
        // Kept until the rebuild has ended: a sender that is gone says nothing.
        std::future::pending::<()>().await;
    });
    let mut told = 0;
    let outcome = rebuild
        .run(stopped, |progress| {
            if progress.folded >= told + 100_000 {
                told = progress.folded;
                eprintln!("recado: {} events folded, position {}", progress.folded, progress.position.position);
            }
        })
        .await;
    listening.abort();
    outcome
}

/// What the operator can mend is a sentence; the rest is a defect.
fn told(error: RebuildError) -> anyhow::Error {
    match error {
        RebuildError::Projection(error) => anyhow::Error::from(error).context("the serving tables were not touched"),
        mendable => Problem::new(mendable.to_string()).into(),
    }
}

async fn status(session: &Session, as_json: bool) -> anyhow::Result<()> {
    let projections: Vec<Arc<dyn Projection>> = session.contexts.projections();
    let found = statuses(session.contexts.platform.pool(), &projections).await?;
    if as_json {
        println!("{}", json!({"projections": found}));
        return Ok(());
    }
    for projection in &found {
        println!("{}", line(projection));
    }
    Ok(())
}

fn line(projection: &ProjectionStatus) -> String {
    let say = |what: &str, standing: &Standing| {
        let state = standing.stopped.as_ref().map_or_else(
            || match standing.lag_events {
                0 => "up to date".to_owned(),
                events => format!("at most {events} events and {:.0} s behind", standing.lag_seconds),
            },
            |reason| format!("STOPPED at {reason}"),
        );
        format!("{what}{state}")
    };
    let mut line = say(&format!("{:<22} ", projection.name), &projection.live);
    if let Some(rebuild) = &projection.rebuild {
        line.push_str(&say("; rebuild begun, ", rebuild));
    }
    if projection.retired.is_some() {
        line.push_str("; can be rolled back");
    }
    line
}
