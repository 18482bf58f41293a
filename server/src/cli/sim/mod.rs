//! `recado sim …`: what a person would do with a virtual phone.

mod act;

use recado_engine_sim::{ScanTarget, SimError};
use recado_kernel::{InstanceId, PhoneNumber};
use recado_messaging::InstanceView;
use recado_messaging::engine::PresenceState;
use serde_json::json;

use super::print;
use super::session::Session;
use crate::installation::Place;
use crate::problem::Problem;

/// The simulated WhatsApp: what a person would do on the phone.
#[derive(Debug, clap::Subcommand)]
pub enum Sim {
    /// Scan the QR code an instance shows.
    Scan {
        /// The instance's id.
        #[arg(long)]
        instance: String,
        /// Number of the phone that scans.
        #[arg(long)]
        phone: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Write a message to the number of a connected instance.
    Say {
        /// The instance's id.
        #[arg(long)]
        instance: String,
        /// Number of the phone that writes.
        #[arg(long)]
        from: String,
        /// The message.
        #[arg(long)]
        text: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show presence to the number of a connected instance: typing, recording, there or gone.
    Presence {
        /// The instance's id.
        #[arg(long)]
        instance: String,
        /// Number of the phone that shows it.
        #[arg(long)]
        from: String,
        /// composing, recording, paused, available or unavailable.
        #[arg(long)]
        state: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Call the number of a connected instance.
    Call {
        /// The instance's id.
        #[arg(long)]
        instance: String,
        /// Number of the phone that calls.
        #[arg(long)]
        from: String,
        /// With picture.
        #[arg(long)]
        video: bool,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read a message on the phone it was sent to (and, as on a real phone, everything before it).
    Read {
        /// The instance that sent it.
        #[arg(long)]
        instance: String,
        /// Its messageId or zaapId.
        #[arg(long)]
        message: String,
        /// Answer with one line of JSON.
        #[arg(long)]
        json: bool,
    },
    #[command(flatten)]
    Act(act::Act),
}

impl Sim {
    pub async fn run(self, place: &Place) -> anyhow::Result<()> {
        // Everything that can be wrong with the words themselves is said before anything is opened.
        let instance = match &self {
            Self::Scan { instance, .. }
            | Self::Say { instance, .. }
            | Self::Presence { instance, .. }
            | Self::Call { instance, .. }
            | Self::Read { instance, .. } => instance,
            Self::Act(act) => &act.by().instance,
        };
        let instance: InstanceId =
            instance.parse().map_err(|_| Problem::new("--instance is not an instance id: 32 hexadecimal digits"))?;
        let phone = match &self {
            Self::Scan { phone, .. } => Some(number(phone, "--phone")?),
            Self::Say { from, .. } | Self::Presence { from, .. } | Self::Call { from, .. } => Some(number(from, "--from")?),
            Self::Act(act) => Some(number(&act.by().from, "--from")?),
            Self::Read { .. } => None,
        };
        if let Self::Presence { state, .. } = &self {
            presence(state)?;
        }
        let session = Session::open(place).await?;
        let done = act(&session, self, instance, phone).await;
        session.close().await?;
        let (value, json) = done?;
        print(&value, json);
        Ok(())
    }
}

async fn act(
    session: &Session,
    command: Sim,
    instance: InstanceId,
    phone: Option<PhoneNumber>,
) -> anyhow::Result<(serde_json::Value, bool)> {
    let sim = &session.contexts.sim;
    let view: InstanceView = session
        .contexts
        .messaging
        .find_instance(instance)
        .await?
        .ok_or_else(|| Problem::new(format!("there is no instance {}", instance.public())))?;
    match (command, phone) {
        (Sim::Scan { json, .. }, Some(phone)) => {
            sim.scan(&ScanTarget::Instance { account: view.account, instance }, &phone).await.map_err(mended)?;
            Ok((json!({"instance": instance.public(), "phone": phone.as_str(), "connected": true}), json))
        }
        (Sim::Say { text, json, .. }, Some(from)) => {
            let wire_id = sim.say(instance, &from, &text).await.map_err(mended)?;
            Ok((json!({"instance": instance.public(), "messageId": wire_id.as_str()}), json))
        }
        (Sim::Act(act), Some(from)) => {
            let (json, hand) = (act.by().json, act::hand(sim, instance, from).await?);
            Ok((act.run(sim, &hand).await?, json))
        }
        (Sim::Read { message, json, .. }, _) => {
            sim.read(instance, &message).await.map_err(mended)?;
            Ok((json!({"instance": instance.public(), "messageId": message, "read": true}), json))
        }
        (Sim::Presence { state, json, .. }, Some(from)) => {
            let state = presence(&state)?;
            sim.presence(instance, &from, state).await.map_err(mended)?;
            Ok((json!({"instance": instance.public(), "phone": from.as_str(), "status": state.as_str()}), json))
        }
        (Sim::Call { video, json, .. }, Some(from)) => {
            let call = sim.call(instance, &from, video).await.map_err(mended)?;
            Ok((json!({"instance": instance.public(), "phone": from.as_str(), "callId": call}), json))
        }
        (Sim::Scan { .. } | Sim::Say { .. } | Sim::Presence { .. } | Sim::Call { .. } | Sim::Act(_), None) => {
            Err(Problem::new("a phone number is missing").into())
        }
    }
}

fn number(text: &str, option: &str) -> Result<PhoneNumber, Problem> {
    text.parse().map_err(|_| {
        Problem::new(format!("{option} is not a phone number: country code, area code and number, for example 5562900000001"))
    })
}

fn presence(word: &str) -> Result<PresenceState, Problem> {
    PresenceState::parse(word)
        .ok_or_else(|| Problem::new("--state must be composing, recording, paused, available or unavailable"))
}

fn mended(error: SimError) -> anyhow::Error {
    match error {
        SimError::Store(error) => error.into(),
        other => Problem::new(other.to_string()).into(),
    }
}
