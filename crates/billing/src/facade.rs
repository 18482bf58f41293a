//! The context put together.

use std::sync::Arc;
use std::time::Duration;

use recado_event_store::history::AggregateKind;
use recado_event_store::{CommandBus, Platform, Projection, Projector, WorkHandler, reader};
use tokio::time::Instant;

use crate::domain::account_month::AccountMonth;
use crate::domain::invoice::Invoice;
use crate::projections::facts::BillingSegments;
use crate::projections::invoices::Invoices;
use crate::projections::months::BillingMonths;
use crate::projections::newest_event;
use crate::rules::{BillingSettings, FrozenSettings};
use crate::{BillingError, PixReceiver};

/// The billing context. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Billing {
    pub(crate) platform: Platform,
    pub(crate) settings: Arc<FrozenSettings>,
    pub(crate) months: CommandBus<AccountMonth>,
    pub(crate) invoices: CommandBus<Invoice>,
    pub(crate) pix: Option<Arc<PixReceiver>>,
}

impl Billing {
    /// Billing on `platform`. Settings from outside are checked with [`BillingSettings::validate`] first.
    #[must_use]
    pub fn new(platform: Platform, settings: BillingSettings) -> Self {
        let months = CommandBus::new(platform.log.clone());
        let invoices = CommandBus::new(platform.log.clone());
        // Every account has the default terms until the billing account brings its own.
        let settings = Arc::new(FrozenSettings { system: settings, account: Default::default() });
        Self { platform, settings, months, invoices, pix: None }
    }

    /// The key invoices are paid to by Pix; without one they show no code.
    #[must_use]
    pub fn with_pix(mut self, receiver: PixReceiver) -> Self {
        self.pix = Some(Arc::new(receiver));
        self
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &BillingSettings {
        &self.settings.system
    }

    /// The aggregates whose past can be told.
    #[must_use]
    pub fn aggregates() -> Vec<AggregateKind> {
        vec![AggregateKind::of::<AccountMonth>(), AggregateKind::of::<Invoice>()]
    }

    /// The read models; the server keeps them up to date.
    #[must_use]
    pub fn projections(&self) -> Vec<Arc<dyn Projection>> {
        vec![Arc::new(BillingSegments), Arc::new(BillingMonths), Arc::new(Invoices)]
    }

    /// Durable work; none yet.
    #[must_use]
    pub fn handlers(&self) -> Vec<Arc<dyn WorkHandler>> {
        vec![]
    }

    /// Reads everything recorded until now: use cases must not depend on a running loop. Readers stay below the oldest open
    /// transaction of the whole cluster, so what was just stored may take a moment to come in sight; a transaction that stays open
    /// longer than [`PATIENCE`] is not waited for: what it hides becomes an adjustment later.
    pub(crate) async fn catch_up(&self) -> Result<(), BillingError> {
        let newest = newest_event(self.platform.pool()).await?;
        let projections = self.projections();
        let names: Vec<&str> = projections.iter().map(|projection| projection.name()).collect();
        let projector = Projector::new(self.platform.log.clone());
        let projector = projections.into_iter().fold(projector, Projector::with);
        let deadline = Instant::now() + PATIENCE;
        loop {
            projector.catch_up().await?;
            let mut reached = true;
            for name in &names {
                reached &= reader::checkpoint(self.platform.pool(), name).await?.unwrap_or_default() >= newest;
            }
            if reached {
                return Ok(());
            }
            if Instant::now() >= deadline {
                tracing::warn!(position = newest.position, "an open transaction hides recent events from billing");
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// How long a use case waits for recent events to come in sight.
const PATIENCE: Duration = Duration::from_secs(5);
