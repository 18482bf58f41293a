//! Opens and closes the send queue of each instance as its session comes and goes: messages of a closed lane wait (plugzapi-api.md 4).
//! A repeat is harmless: the lane ends up as the last event says.

use async_trait::async_trait;
use recado_event_store::{Projection, ProjectionError, RecordedEvent, work};
use sqlx::PgConnection;

use crate::SEND_TOPIC;

/// The reactor.
pub(crate) struct InstanceLanes;

#[async_trait]
impl Projection for InstanceLanes {
    fn name(&self) -> &'static str {
        "instance_lanes@1"
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[
            "instance.created",
            "instance.paired",
            "instance.reconnected",
            "instance.disconnected",
            "instance.trial_expired",
            "instance.service_ended",
        ]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        for event in batch {
            let open = matches!(event.event_type.as_str(), "instance.paired" | "instance.reconnected");
            work::set_lane_open(db, SEND_TOPIC, &event.aggregate_id, open).await?;
        }
        Ok(())
    }
}
