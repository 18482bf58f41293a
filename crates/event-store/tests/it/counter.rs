//! The smallest aggregate there is.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_event_store::{Platform, stored_events};
use recado_kernel::{AccountId, Actor, CommandMeta, Door};
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Counter {
    pub value: i64,
}

#[derive(Debug, Clone)]
pub enum CounterCommand {
    Add(i64),
    /// Refused when the counter has reached the limit.
    AddUpTo {
        limit: i64,
    },
    /// Changes its mind in the middle.
    AddThenRefuse(i64),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum CounterEvent {
    #[serde(rename = "counter.added")]
    Added { by: i64 },
}

#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the counter is full")]
pub struct Full;

stored_events! {
    CounterEvent {
        Added => "counter.added" 1, en "Something was added.", pt "Algo foi somado.";
    }
}

impl Aggregate for Counter {
    const TYPE: &'static str = "counter";
    type Command = CounterCommand;
    type Event = CounterEvent;
    type Error = Full;
    type Services = ();

    async fn handle(&mut self, command: CounterCommand, (): &(), sink: &EventSink<Self>) -> Result<(), Full> {
        match command {
            CounterCommand::Add(0) => {}
            CounterCommand::Add(by) => sink.write(CounterEvent::Added { by }, self).await,
            CounterCommand::AddUpTo { limit } if self.value >= limit => return Err(Full),
            CounterCommand::AddThenRefuse(by) => {
                sink.write(CounterEvent::Added { by }, self).await;
                return Err(Full);
            }
            CounterCommand::AddUpTo { .. } => sink.write(CounterEvent::Added { by: 1 }, self).await,
        }
        Ok(())
    }

    fn apply(&mut self, event: CounterEvent) {
        let CounterEvent::Added { by } = event;
        self.value += by;
    }
}

pub fn account() -> AccountId {
    AccountId::from_uuid(uuid::Uuid::from_u128(0xACC0))
}

pub fn meta(platform: &Platform) -> CommandMeta {
    platform.meta(account(), Actor::System("test".into()), Door::Job)
}
