//! The aggregate everybody runs: one event a command, about 230 bytes of JSON.

use chrono::Utc;
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, EventEnvelope, View};
use recado_kernel::id::new_uuid_v7;
use recado_kernel::{AccountId, Actor, CommandId, CommandMeta, Door, Rng as _, SeededRng};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Existing aggregates before the clock starts; few enough to be somebody's working set, many enough that no two tasks share one.
pub const EXISTING: u64 = 4_096;

/// Counts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Sample {
    entries: u64,
    total: i64,
}

/// The only command.
#[derive(Debug, Clone)]
pub struct Record {
    /// How much.
    pub amount: i64,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum SampleEvent {
    /// An entry of a usual size.
    #[serde(rename = "sample.recorded")]
    Recorded {
        /// How much.
        amount: i64,
        /// What for.
        purpose: String,
        /// Where.
        reference: String,
    },
}

impl SampleEvent {
    /// The `n`-th.
    pub fn numbered(amount: i64) -> Self {
        Self::Recorded {
            amount,
            purpose:
                "Entrada de teste com o tamanho de um evento comum: identificadores, horas, estados e algumas palavras a mais"
                    .into(),
            reference: "0199f0aa-7d3c-7bb2-8f55-0a1b2c3d4e5f/2026-10-05T12:00:00Z".into(),
        }
    }
}

/// Nothing is refused.
#[derive(Debug, thiserror::Error)]
#[error("refused")]
pub struct Refused;

recado_event_store::stored_events! {
    SampleEvent {
        Recorded => "sample.recorded" 1, en "An entry was made.", pt "Foi feito um lançamento.";
    }
}

impl Aggregate for Sample {
    const TYPE: &'static str = "sample";
    type Command = Record;
    type Event = SampleEvent;
    type Error = Refused;
    type Services = ();

    async fn handle(&mut self, command: Record, (): &(), sink: &EventSink<Self>) -> Result<(), Refused> {
        sink.write(SampleEvent::numbered(command.amount), self).await;
        Ok(())
    }

    fn apply(&mut self, event: SampleEvent) {
        let SampleEvent::Recorded { amount, .. } = event;
        self.entries += 1;
        self.total += amount;
    }
}

/// postgres-es's read model: one row an aggregate.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SampleView {
    entries: u64,
    total: i64,
}

impl View<Sample> for SampleView {
    fn update(&mut self, event: &EventEnvelope<Sample>) {
        let SampleEvent::Recorded { amount, .. } = &event.payload;
        self.entries += 1;
        self.total += amount;
    }
}

/// The aggregate a task turns to for the `n`-th time: never another task's.
pub fn existing(tasks: usize, task: usize, n: u64) -> String {
    let (tasks, task) = (tasks as u64, task as u64);
    let turns = EXISTING / tasks;
    existing_id(task + tasks * (n % turns))
}

/// The `k`-th existing aggregate.
pub fn existing_id(k: u64) -> String {
    Uuid::new_v5(&Uuid::nil(), &k.to_le_bytes()).to_string()
}

/// A new time-ordered id.
pub fn fresh(task: usize, n: u64) -> Uuid {
    let mut rng = SeededRng::new(((task as u64) << 40) ^ n);
    let mut warm = [0; 8];
    rng.fill(&mut warm);
    new_uuid_v7(Utc::now(), &mut rng)
}

/// One of a thousand customers.
pub fn account(task: usize) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(0xACC0_0000 + task as u128 % 1_000))
}

/// Circumstances of a command.
pub fn meta(task: usize, n: u64) -> CommandMeta {
    let id = CommandId::from_uuid(fresh(task + 100_000, n));
    CommandMeta::new(id, account(task), Actor::System("bench".into()), Door::Job, Utc::now())
}
