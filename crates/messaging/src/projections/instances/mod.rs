//! `view_instance`: everything the list, the instance's page and the REST routes `/me` and `/status` show.

mod fold;
mod queries;
mod table;

use std::collections::BTreeMap;

use async_trait::async_trait;
use recado_event_store::{Platform, Projection, ProjectionError, RecordedEvent, StoreError};
use recado_kernel::{AccountId, InstanceId, PhoneNumber, Timestamp};
use sqlx::PgConnection;

use crate::domain::instance::{Connection, DeviceWish, InstanceEvent, InstanceSettings, PaymentStatus, ServiceTerms, Webhooks};

/// One instance as people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceView {
    /// Its id; clients know [`InstanceId::public`].
    pub id: InstanceId,
    /// The owner.
    pub account: AccountId,
    /// Display name.
    pub name: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// Trial and subscription.
    pub terms: ServiceTerms,
    /// Begin of the running (or last) subscription.
    pub subscribed_at: Option<Timestamp>,
    /// The session.
    pub connection: Connection,
    /// The linked number; erased with its owner's key.
    pub number: Option<PhoneNumber>,
    /// When the session last came online.
    pub connected_at: Option<Timestamp>,
    /// When the session last ended.
    pub disconnected_at: Option<Timestamp>,
    /// Why it ended: wire names of [`crate::DisconnectReason`].
    pub disconnect_reason: Option<String>,
    /// Webhook URLs.
    pub webhooks: Webhooks,
    /// "Enviadas por mim".
    pub notify_sent_by_me: bool,
    /// Behaviour.
    pub settings: InstanceSettings,
    /// Does somebody want the queue to wait?
    pub queue_paused: bool,
    /// The token under the vault; shown by [`crate::Messaging::show_token`].
    pub token_protected: String,
    /// Keyed digest of the token.
    pub token_digest: String,
    /// The device asked for at birth.
    pub device: DeviceWish,
    /// When it was deleted; then only staff still finds it.
    pub deleted_at: Option<Timestamp>,
    /// Sequence of the last event seen.
    pub sequence: i64,
}

impl InstanceView {
    /// Is a session online?
    #[must_use]
    pub fn connected(&self) -> bool {
        self.connection == Connection::Connected
    }

    /// Is a session token still stored, so that the session can be restored (`session` of `/status`)?
    #[must_use]
    pub fn has_session(&self) -> bool {
        matches!(self.connection, Connection::Connected | Connection::Lost)
    }

    /// May it connect and send at `now`?
    #[must_use]
    pub fn may_send(&self, now: Timestamp) -> bool {
        self.terms.may_send(now)
    }

    /// `paymentStatus` at `now`.
    #[must_use]
    pub fn payment_status(&self, now: Timestamp) -> PaymentStatus {
        self.terms.payment_status(now)
    }

    /// `due` at `now`.
    #[must_use]
    pub fn due(&self, now: Timestamp) -> Timestamp {
        self.terms.due(now)
    }
}

/// Keeps `view_instance`.
pub struct InstanceList {
    platform: Platform,
}

impl InstanceList {
    /// Its name in `projection`.
    pub const NAME: &'static str = "instance@1";

    pub(crate) const fn new(platform: Platform) -> Self {
        Self { platform }
    }
}

/// The number in clear of a paired event; `None` for other events and once its owner's key is gone.
pub(super) async fn number_of(platform: &Platform, event: &InstanceEvent) -> Result<Option<PhoneNumber>, StoreError> {
    match event {
        InstanceEvent::Paired { number, .. } => Ok(platform.vault.unseal(number).await?.and_then(|text| text.parse().ok())),
        _ => Ok(None),
    }
}

#[async_trait]
impl Projection for InstanceList {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn event_types(&self) -> &'static [&'static str] {
        &[
            "instance.created",
            "instance.renamed",
            "instance.webhooks_changed",
            "instance.settings_changed",
            "instance.pairing_started",
            "instance.paired",
            "instance.disconnected",
            "instance.reconnected",
            "instance.queue_paused",
            "instance.queue_resumed",
            "instance.subscribed",
            "instance.subscription_cancelled",
            "instance.trial_expired",
            "instance.service_ended",
            "instance.token_rotated",
            "instance.suspended",
            "instance.reactivated",
            "instance.deleted",
        ]
    }

    fn tables(&self) -> &'static [&'static str] {
        &["view_instance"]
    }

    async fn project(&self, batch: &[RecordedEvent], db: &mut PgConnection) -> Result<(), ProjectionError> {
        let ids: Vec<uuid::Uuid> = batch.iter().filter_map(|event| event.aggregate_id.parse().ok()).collect();
        let known = table::load(db, &ids).await?;
        let mut views: BTreeMap<InstanceId, InstanceView> = known.into_iter().map(|view| (view.id, view)).collect();
        for recorded in batch {
            let poison = |reason: String| ProjectionError::Poison { position: recorded.position.position, reason };
            let id: InstanceId = recorded.aggregate_id.parse().map_err(|_| poison("not an instance id".to_owned()))?;
            let event: InstanceEvent = recorded.decode().map_err(|error| poison(error.to_string()))?;
            let number = number_of(&self.platform, &event).await?;
            let view = fold::fold(views.remove(&id), id, &event, recorded, number);
            views.extend(view.map(|view| (id, view)));
        }
        for view in views.values() {
            table::store(db, view).await?;
        }
        Ok(())
    }
}
