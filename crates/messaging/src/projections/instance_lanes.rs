//! Opens and closes the send queue of each instance as its session comes and goes, and pauses it as people ask: messages of a closed lane
//! wait and cost nothing (plugzapi-api.md 4). A repeat is harmless: the lane ends up as the last events say.

use std::collections::BTreeMap;

use async_trait::async_trait;
use recado_event_store::work::{self, LaneSwitch};
use recado_event_store::{Projection, ProjectionError, RecordedEvent};
use sqlx::PgConnection;

use crate::SEND_TOPIC;

/// The reactor.
pub(crate) struct InstanceLanes;

impl InstanceLanes {
    /// Its name in `projection`.
    pub(crate) const NAME: &'static str = "instance_lanes@1";
}

#[async_trait]
impl Projection for InstanceLanes {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[
            "instance.created",
            "instance.paired",
            "instance.reconnected",
            "instance.disconnected",
            "instance.trial_expired",
            "instance.service_ended",
            "instance.queue_paused",
            "instance.queue_resumed",
        ]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let mut lanes: BTreeMap<&str, LaneSwitch> = BTreeMap::new();
        for event in batch {
            let (id, at) = (event.aggregate_id.as_str(), event.occurred_at);
            let lane = lanes.entry(id).or_insert_with(|| LaneSwitch { lane: id.to_owned(), open: None, paused: None, at });
            lane.at = at;
            match event.event_type.as_str() {
                "instance.queue_paused" => lane.paused = Some(true),
                "instance.queue_resumed" => lane.paused = Some(false),
                "instance.paired" | "instance.reconnected" => lane.open = Some(true),
                _ => lane.open = Some(false),
            }
        }
        let lanes: Vec<LaneSwitch> = lanes.into_values().collect();
        work::set_lanes(db, SEND_TOPIC, &lanes).await?;
        Ok(())
    }
}
