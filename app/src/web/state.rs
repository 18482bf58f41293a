//! What every page may use.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use leptos::prelude::LeptosOptions;
use recado_accounts::Accounts;
use recado_billing::Billing;
use recado_engine_sim::Sim;
use recado_event_store::Platform;
use recado_event_store::health::HealthProbe;
use recado_event_store::history::Aggregates;
use recado_messaging::Messaging;
use recado_messaging::engine::SessionEngine;
use tokio::sync::watch;

use crate::client::AssetUrls;

/// Given by the composition root.
pub struct PanelState {
    /// Time, vault, log.
    pub platform: Platform,
    /// How the installation is, for staff.
    pub health: HealthProbe,
    /// People.
    pub accounts: Accounts,
    /// Instances and messages.
    pub messaging: Messaging,
    /// Money.
    pub billing: Billing,
    /// Every kind of thing whose past can be told.
    pub aggregates: Aggregates,
    /// The engine that runs sessions: asked for QR codes.
    pub engine: Arc<dyn SessionEngine>,
    /// The simulated WhatsApp, where it runs: pages then say so, and `/simulador` exists.
    pub sim: Option<Sim>,
    /// URLs of stylesheet and pictures.
    pub assets: AssetUrls,
    /// Names of the client's files (`output_name`, `site_pkg_dir`).
    pub leptos: LeptosOptions,
    /// Development: `/dev/mail` exists.
    pub dev_mode: bool,
    /// The data folder, when no SMTP server is configured: mail then lies in its folder `mail`.
    pub mail_folder: Option<PathBuf>,
    /// People reach the panel over TLS: cookies then carry `Secure` and the `__Host-` prefix.
    pub secure: bool,
    /// Address of the REST API as clients reach it, without a trailing slash: shown next to ID and token.
    pub api_url: String,
    /// The description of the REST API (OpenAPI 3.1): what the reference is made of.
    pub api: Arc<serde_json::Value>,
    /// Turns `true` when the server stops, so that open streams end.
    pub stopping: watch::Receiver<bool>,
}

/// The state, shared by every request.
#[derive(Clone)]
pub struct Panel(Arc<PanelState>);

impl Panel {
    /// Shares `state`.
    #[must_use]
    pub fn new(state: PanelState) -> Self {
        Self(Arc::new(state))
    }
}

impl Deref for Panel {
    type Target = PanelState;
    fn deref(&self) -> &PanelState {
        &self.0
    }
}
