//! How events change the view: pure.

use recado_event_store::RecordedEvent;
use recado_kernel::{InstanceId, PhoneNumber};

use super::InstanceView;
use crate::domain::instance::{Connection, InstanceEvent, InstanceSettings, ServiceTerms, Subscription, Webhooks};

/// The view after `event`. `None` only when the instance was never created.
pub(super) fn fold(
    view: Option<InstanceView>,
    id: InstanceId,
    event: &InstanceEvent,
    recorded: &RecordedEvent,
    number: Option<PhoneNumber>,
) -> Option<InstanceView> {
    if let InstanceEvent::Created { account, name, trial_ends_at, token_protected, token_digest, device, .. } = event {
        return Some(InstanceView {
            id,
            account: *account,
            name: name.clone(),
            created_at: recorded.occurred_at,
            terms: ServiceTerms { trial_ends_at: *trial_ends_at, ..ServiceTerms::default() },
            subscribed_at: None,
            connection: Connection::Disconnected,
            number: None,
            connected_at: None,
            disconnected_at: None,
            disconnect_reason: None,
            webhooks: Webhooks::default(),
            notify_sent_by_me: false,
            settings: InstanceSettings::default(),
            queue_paused: false,
            token_protected: token_protected.clone(),
            token_digest: token_digest.clone(),
            device: device.clone(),
            deleted_at: None,
            sequence: recorded.sequence,
        });
    }
    let mut view = view?;
    view.sequence = recorded.sequence;
    apply(&mut view, event, recorded, number);
    Some(view)
}

fn apply(view: &mut InstanceView, event: &InstanceEvent, recorded: &RecordedEvent, number: Option<PhoneNumber>) {
    let at = recorded.occurred_at;
    match event {
        InstanceEvent::Created { .. }
        | InstanceEvent::Restarted {}
        | InstanceEvent::WebhookSecretRotated { .. }
        | InstanceEvent::WebhookSecretRetired {} => {}
        InstanceEvent::Renamed { name } => view.name.clone_from(name),
        InstanceEvent::WebhooksChanged { webhooks, notify_sent_by_me } => {
            view.webhooks = webhooks.clone();
            view.notify_sent_by_me = *notify_sent_by_me;
        }
        InstanceEvent::SettingsChanged { settings } => view.settings = settings.clone(),
        InstanceEvent::PairingStarted {} => view.connection = Connection::Pairing,
        InstanceEvent::Paired { .. } => {
            view.number = number;
            connected(view, at);
        }
        InstanceEvent::Reconnected {} => connected(view, at),
        InstanceEvent::Disconnected { reason, released_digest } => {
            if released_digest.is_some() {
                view.number = None;
            }
            let kept = reason.keeps_link() || (released_digest.is_none() && view.number.is_some());
            view.connection = if kept { Connection::Lost } else { Connection::Disconnected };
            view.disconnected_at = Some(at);
            view.disconnect_reason = Some(reason.as_str().to_owned());
        }
        InstanceEvent::QueuePaused {} => view.queue_paused = true,
        InstanceEvent::QueueResumed {} => view.queue_paused = false,
        InstanceEvent::Subscribed { plan } => {
            view.subscribed_at = Some(at);
            view.terms.subscription = Subscription::Active { plan: plan.clone() };
        }
        InstanceEvent::SubscriptionCancelled { ends_at } => {
            let plan = match &view.terms.subscription {
                Subscription::Active { plan } | Subscription::Cancelling { plan, .. } => plan.clone(),
                Subscription::None | Subscription::Ended { .. } => String::new(),
            };
            view.terms.subscription = Subscription::Cancelling { plan, ends_at: *ends_at };
        }
        InstanceEvent::TrialExpired {} => view.terms.trial_expired = true,
        InstanceEvent::ServiceEnded {} => {
            let ended_at = match view.terms.subscription {
                Subscription::Cancelling { ends_at, .. } => ends_at,
                _ => at,
            };
            view.terms.subscription = Subscription::Ended { ended_at };
        }
        InstanceEvent::Suspended {} => view.terms.suspended = true,
        InstanceEvent::Reactivated {} => view.terms.suspended = false,
        InstanceEvent::Deleted { .. } => view.deleted_at = Some(at),
        InstanceEvent::TokenRotated { token_protected, token_digest } => {
            view.token_protected.clone_from(token_protected);
            view.token_digest.clone_from(token_digest);
        }
    }
}

fn connected(view: &mut InstanceView, at: recado_kernel::Timestamp) {
    view.connection = Connection::Connected;
    view.connected_at = Some(at);
    view.disconnect_reason = None;
}
