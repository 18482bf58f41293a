//! The composition root: which contexts there are and what each is given.

use std::path::PathBuf;
use std::sync::Arc;

use recado_accounts::{Accounts, AccountsSettings, FolderMailer, Mailer, SmtpMailer};
use recado_billing::{Billing, BillingSettings, PlanTerms};
use recado_engine_sim::{Sim, SimEngine};
use recado_event_store::audit::{AuditKeys, AuditSeal};
use recado_event_store::history::Aggregates;
use recado_event_store::{Platform, Projection, Projector, WorkHandler, lease, partitions, prune};
use recado_kernel::Secret;
use recado_messaging::engine::SessionEngine;
use recado_messaging::media::MediaLibrary;
use recado_messaging::media::files::{FileStore, Folder};
use recado_messaging::{Messaging, MessagingSettings};

use crate::config::{Mode, Settings};
use crate::installation::Installation;
use crate::problem::Problem;

const DEFAULT_SENDER: &str = "Recado <nao-responda@recado.invalid>";

/// Every context on one platform. Cheap to clone.
#[derive(Clone)]
pub struct Contexts {
    /// The ground.
    pub platform: Platform,
    /// Accounts, staff, sign-in.
    pub accounts: Accounts,
    /// Instances and messages.
    pub messaging: Messaging,
    /// Months and invoices.
    pub billing: Billing,
    /// The engine behind every session.
    pub engine: Arc<dyn SessionEngine>,
    /// The virtual phones.
    pub sim: Sim,
    /// May people use the virtual phones?
    pub simulator_open: bool,
    /// Where mail goes when there is no SMTP server.
    pub mail_folder: Option<PathBuf>,
    /// Address of the installation, without a slash at the end.
    pub public_url: String,
    command_log_days: i64,
}

impl Contexts {
    /// Puts everything together. `listens_on` is the public address when the settings name none.
    ///
    /// # Errors
    /// A [`Problem`] for settings that cannot work.
    pub fn compose(installation: &Installation, settings: &Settings, mode: Mode, listens_on: &str) -> anyhow::Result<Self> {
        let platform = installation.platform.clone();
        let public_url = settings.public_url.clone().unwrap_or_else(|| listens_on.to_owned());
        let sender = settings.mail_from.as_deref().unwrap_or(DEFAULT_SENDER);
        let mail: Arc<dyn Mailer> = match &settings.smtp_url {
            Some(url) => Arc::new(
                SmtpMailer::new(&Secret::new(url.clone()), sender)
                    .map_err(|error| Problem::new(format!("smtp_url, mail_from: {error}")))?,
            ),
            None => Arc::new(
                FolderMailer::new(&installation.data, sender).map_err(|error| Problem::new(format!("mail_from: {error}")))?,
            ),
        };
        if mode == Mode::Production && settings.smtp_url.is_none() {
            tracing::warn!("no smtp_url: mail is kept in the data folder and reaches nobody");
        }
        let accounts = Accounts::new(platform.clone(), AccountsSettings { public_url: public_url.clone(), mail });
        let media = MediaLibrary::new(platform.clone(), content_store(installation, settings)?);
        let core = Messaging::new(platform.clone(), messaging_settings(settings, &public_url)).with_media(media.clone());
        let engine: Arc<dyn SessionEngine> = Arc::new(SimEngine::new(platform.clone()).with_media(media.clone()));
        let messaging = core.with_engine(engine.clone());
        let sim = Sim::new(platform.clone(), messaging.clone()).with_media(media);
        let mut billing = Billing::new(platform.clone(), billing_settings(settings));
        if let Ok(Some(receiver)) = settings.pix_receiver() {
            billing = billing.with_pix(receiver);
        }
        let accounts = accounts.with_subject_holders(vec![Arc::new(messaging.clone()), Arc::new(billing.clone())]);
        Ok(Self {
            platform,
            accounts,
            messaging,
            billing,
            engine,
            sim,
            simulator_open: settings.simulator.unwrap_or(true),
            mail_folder: settings.smtp_url.is_none().then(|| installation.data.clone()),
            public_url,
            command_log_days: settings.command_log_days.unwrap_or(prune::COMMAND_LOG_DAYS),
        })
    }

    /// Every read model and reactor.
    pub fn projections(&self) -> Vec<Arc<dyn Projection>> {
        let seal: Arc<dyn Projection> = Arc::new(AuditSeal::new(AuditKeys::of(&self.platform.vault)));
        [self.accounts.projections(), self.messaging.projections(), self.billing.projections(), vec![seal]]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Every kind of aggregate, for telling its past.
    pub fn aggregates() -> Aggregates {
        [Accounts::aggregates(), Messaging::aggregates(), Billing::aggregates()].into_iter().flatten().collect()
    }

    /// Every handler of durable work.
    pub fn handlers(&self) -> Vec<Arc<dyn WorkHandler>> {
        [self.accounts.handlers(), self.messaging.handlers(), self.billing.handlers(), self.sim.handlers()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Brings the read models up to date: for commands that run without a server's loops.
    ///
    /// # Errors
    /// The database, or an event a projection cannot digest.
    pub async fn catch_up(&self) -> anyhow::Result<()> {
        let projector = self.projections().into_iter().fold(Projector::new(self.platform.log.clone()), Projector::with);
        Ok(projector.catch_up().await?)
    }

    /// Removes what has had its time (sessions, links, sealed content, command ids, deliveries) and makes the months ahead.
    pub async fn sweep(self) {
        let now = self.platform.now();
        if let Err(error) = self.accounts.sweep(now).await {
            tracing::warn!(%error, "expired sessions were not swept");
        }
        if let Err(error) = lease::sweep(self.platform.pool()).await {
            tracing::warn!(%error, "old leases were not swept");
        }
        if let Err(error) = self.platform.vault.sweep_expired(now).await {
            tracing::warn!(%error, "expired content was not swept");
        }
        if let Err(error) = self.messaging.media().sweep(now).await {
            tracing::warn!(%error, "files without an owner were not swept");
        }
        let pool = self.platform.pool();
        if let Err(error) = prune::command_log(pool, now, self.command_log_days).await {
            tracing::warn!(%error, "old command ids were not forgotten");
        }
        if let Err(error) = self.messaging.sweep_deliveries(now).await {
            tracing::warn!(%error, "old webhook deliveries were not swept");
        }
        if let Err(error) = partitions::ensure(pool, now).await {
            tracing::warn!(%error, "the next months of message events are not made yet; they are stored all the same");
        }
    }
}

/// Files of messages: a bucket where the settings name one, else a folder beside the database.
fn content_store(installation: &Installation, settings: &Settings) -> anyhow::Result<Arc<dyn FileStore>> {
    let Some(bucket) = &settings.media_bucket else {
        return Ok(Arc::new(Folder::new(installation.data.join("media"))));
    };
    open_bucket(bucket)
}

#[cfg(feature = "s3")]
fn open_bucket(bucket: &str) -> anyhow::Result<Arc<dyn FileStore>> {
    use recado_messaging::media::files::Bucket;

    let (name, prefix) = bucket.split_once('/').unwrap_or((bucket, "recado"));
    let bucket = Bucket::from_env(name, prefix).map_err(|error| Problem::new(format!("media_bucket: {error}")))?;
    Ok(Arc::new(bucket))
}

#[cfg(not(feature = "s3"))]
fn open_bucket(_: &str) -> anyhow::Result<Arc<dyn FileStore>> {
    Err(Problem::new("media_bucket: this program was built without buckets (feature s3)").into())
}

fn messaging_settings(settings: &Settings, public_url: &str) -> MessagingSettings {
    let mut messaging = MessagingSettings {
        public_url: public_url.to_owned(),
        allow_local_webhooks: settings.allow_local_webhooks.unwrap_or(false),
        ..MessagingSettings::default()
    };
    if let Some((shortest, longest)) = settings.gap_seconds {
        messaging.pacing.min_gap_ms = u64::from(shortest) * 1_000;
        messaging.pacing.max_gap_ms = u64::from(longest) * 1_000;
    }
    messaging
}

fn billing_settings(settings: &Settings) -> BillingSettings {
    let mut billing = BillingSettings::default();
    if let Some(price) = settings.plan_price {
        billing.plans = billing.plans.with("PRO", PlanTerms::monthly(price));
    }
    billing
}
