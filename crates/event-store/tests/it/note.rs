//! A second aggregate for tests, stored among the message streams.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_event_store::stored_events;
use serde::{Deserialize, Serialize};

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Note;

#[derive(Debug, Clone)]
pub enum NoteCommand {
    Write,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum NoteEvent {
    #[serde(rename = "note.written")]
    Written {},
}

stored_events! {
    NoteEvent {
        Written => "note.written" 1, en "A note was written.", pt "Uma nota foi escrita.";
    }
}

#[derive(Debug, thiserror::Error)]
#[error("never")]
pub struct Never;

impl Aggregate for Note {
    const TYPE: &'static str = "message";
    type Command = NoteCommand;
    type Event = NoteEvent;
    type Error = Never;
    type Services = ();

    async fn handle(&mut self, _: NoteCommand, (): &(), sink: &EventSink<Self>) -> Result<(), Never> {
        sink.write(NoteEvent::Written {}, self).await;
        Ok(())
    }

    fn apply(&mut self, _: NoteEvent) {}
}
