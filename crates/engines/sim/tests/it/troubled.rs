//! An engine whose process has bad moments, by plan.

use std::sync::atomic::{AtomicUsize, Ordering};

use recado_engine_sim::SimEngine;
use recado_kernel::{AccountId, InstanceId, PhoneNumber, Timestamp};
use recado_messaging::engine::{
    Capabilities, EngineError, EngineKind, Handoff, Outgoing, PairStep, QrView, SendFailure, SessionEngine, SessionState,
};

/// What goes wrong with one hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    Nothing,
    /// The process dies before WhatsApp has the message.
    DiesBefore,
    /// It dies in the very moment after.
    DiesAfter,
    /// WhatsApp has it, but its answer is lost.
    AnswerLost,
    /// WhatsApp surely does not have it.
    NotSent,
}

pub struct Troubled {
    real: SimEngine,
    sends: AtomicUsize,
    plan: Box<dyn Fn(usize) -> Trouble + Send + Sync>,
}

impl Troubled {
    /// `plan` is asked with the number of each hand-over, from 0.
    pub fn new(real: SimEngine, plan: impl Fn(usize) -> Trouble + Send + Sync + 'static) -> Self {
        Self { real, sends: AtomicUsize::new(0), plan: Box::new(plan) }
    }
}

#[async_trait::async_trait]
impl SessionEngine for Troubled {
    fn kind(&self) -> EngineKind {
        self.real.kind()
    }
    fn capabilities(&self) -> Capabilities {
        self.real.capabilities()
    }
    async fn state(&self, instance: InstanceId) -> Result<SessionState, EngineError> {
        self.real.state(instance).await
    }
    async fn start_pairing(&self, account: AccountId, instance: InstanceId) -> Result<PairStep, EngineError> {
        self.real.start_pairing(account, instance).await
    }
    async fn qr(&self, instance: InstanceId, now: Timestamp) -> Result<Option<QrView>, EngineError> {
        self.real.qr(instance, now).await
    }
    async fn phone_code(&self, account: AccountId, instance: InstanceId, phone: &PhoneNumber) -> Result<String, EngineError> {
        self.real.phone_code(account, instance, phone).await
    }
    async fn send(&self, message: Outgoing) -> Result<Handoff, SendFailure> {
        let trouble = (self.plan)(self.sends.fetch_add(1, Ordering::SeqCst));
        match trouble {
            Trouble::NotSent => return Err(SendFailure::NotSent("by plan".into())),
            Trouble::DiesBefore => panic!("the process dies here"),
            _ => {}
        }
        let sent = self.real.send(message).await;
        match trouble {
            Trouble::DiesAfter => panic!("the process dies here"),
            Trouble::AnswerLost => Err(SendFailure::Unknown("by plan".into())),
            _ => sent,
        }
    }
    async fn disconnect(&self, instance: InstanceId) -> Result<(), EngineError> {
        self.real.disconnect(instance).await
    }
    async fn reconnect(&self, instance: InstanceId) -> Result<(), EngineError> {
        self.real.reconnect(instance).await
    }
    async fn logout(&self, instance: InstanceId) -> Result<(), EngineError> {
        self.real.logout(instance).await
    }
}
