//! What an instance answers to each request.

use super::{
    Connection, DisconnectReason, Instance, InstanceAction, InstanceCommand, InstanceError, InstanceEvent, Subscription,
};

impl Instance {
    pub(super) fn decide(&self, command: InstanceCommand) -> Result<Vec<InstanceEvent>, InstanceError> {
        let InstanceCommand { account, at, action } = command;
        if let InstanceAction::Create { name, trial_ends_at, token_protected, token_digest, webhook_secret_protected } = action {
            return match self.account {
                Some(_) => Err(InstanceError::AlreadyExists),
                None => Ok(vec![InstanceEvent::Created {
                    account,
                    name: name.as_str().to_owned(),
                    trial_ends_at,
                    token_protected,
                    token_digest,
                    webhook_secret_protected,
                }]),
            };
        }
        if !self.belongs_to(account) {
            return Err(InstanceError::NotFound);
        }
        let usable = self.terms.may_send(at);
        match action {
            InstanceAction::Create { .. } => Ok(vec![]),
            InstanceAction::Rename { name } if name.as_str() == self.name => Ok(vec![]),
            InstanceAction::Rename { name } => Ok(vec![InstanceEvent::Renamed { name: name.as_str().to_owned() }]),
            InstanceAction::ChangeWebhooks(change) => {
                let mut webhooks = self.webhooks.clone();
                for (kind, url) in change.urls {
                    webhooks.set(kind, url);
                }
                let notify_sent_by_me = change.notify_sent_by_me.unwrap_or(self.notify_sent_by_me);
                let changed = webhooks != self.webhooks || notify_sent_by_me != self.notify_sent_by_me;
                Ok(changed.then_some(InstanceEvent::WebhooksChanged { webhooks, notify_sent_by_me }).into_iter().collect())
            }
            InstanceAction::ChangeSettings(settings) => {
                Ok((settings != self.settings).then_some(InstanceEvent::SettingsChanged { settings }).into_iter().collect())
            }
            InstanceAction::AdjustSettings(change) => {
                let settings = change.applied_to(&self.settings);
                Ok((settings != self.settings).then_some(InstanceEvent::SettingsChanged { settings }).into_iter().collect())
            }
            InstanceAction::StartPairing => match self.connection {
                _ if !usable => Err(InstanceError::SubscribeAgain),
                Connection::Connected => Err(InstanceError::AlreadyConnected),
                Connection::Pairing => Ok(vec![]),
                Connection::Disconnected | Connection::Lost => Ok(vec![InstanceEvent::PairingStarted {}]),
            },
            InstanceAction::Pair { .. } if !usable => Err(InstanceError::SubscribeAgain),
            InstanceAction::Pair { number, number_digest } => {
                let known = self.connection == Connection::Connected && self.number_digest.as_ref() == Some(&number_digest);
                let paired = InstanceEvent::Paired { number, number_digest, previous_digest: self.number_digest.clone() };
                Ok((!known).then_some(paired).into_iter().collect())
            }
            InstanceAction::Disconnect(reason) => Ok(self.disconnect(reason).into_iter().collect()),
            InstanceAction::Reconnect => match self.connection {
                _ if !usable => Err(InstanceError::SubscribeAgain),
                Connection::Connected => Ok(vec![]),
                _ if self.number_digest.is_none() => Err(InstanceError::NotConnected),
                _ => Ok(vec![InstanceEvent::Reconnected {}]),
            },
            InstanceAction::Restart => match self.number_digest {
                _ if !usable => Err(InstanceError::SubscribeAgain),
                None => Err(InstanceError::NotConnected),
                Some(_) => Ok(vec![InstanceEvent::Restarted {}]),
            },
            InstanceAction::Subscribe { plan } => match &self.terms.subscription {
                Subscription::Active { .. } => Ok(vec![]),
                _ => Ok(vec![InstanceEvent::Subscribed { plan }]),
            },
            InstanceAction::CancelSubscription { ends_at } => match &self.terms.subscription {
                Subscription::Active { .. } => Ok(vec![InstanceEvent::SubscriptionCancelled { ends_at }]),
                Subscription::Cancelling { .. } | Subscription::Ended { .. } => Ok(vec![]),
                Subscription::None => Err(InstanceError::NotSubscribed),
            },
            InstanceAction::ExpireTrial => {
                let due = at >= self.terms.trial_ends_at && !self.terms.trial_expired;
                let over = due && self.terms.subscription == Subscription::None;
                Ok(if over { self.stop(InstanceEvent::TrialExpired {}, DisconnectReason::TrialExpired) } else { vec![] })
            }
            InstanceAction::EndService => match &self.terms.subscription {
                Subscription::Cancelling { ends_at, .. } if at >= *ends_at => {
                    Ok(self.stop(InstanceEvent::ServiceEnded {}, DisconnectReason::ServiceEnded))
                }
                _ => Ok(vec![]),
            },
            InstanceAction::RotateToken { token_protected, token_digest } => {
                Ok(vec![InstanceEvent::TokenRotated { token_protected, token_digest }])
            }
        }
    }

    fn disconnect(&self, reason: DisconnectReason) -> Option<InstanceEvent> {
        let linked = self.number_digest.is_some();
        let happens = match reason {
            DisconnectReason::ConnectionLost => self.connection == Connection::Connected,
            DisconnectReason::PairingAbandoned => self.connection == Connection::Pairing,
            _ => linked || self.connection != Connection::Disconnected,
        };
        // Giving up a pairing leaves an older link as it was.
        let gives_up_link = !reason.keeps_link() && reason != DisconnectReason::PairingAbandoned;
        let released_digest = if gives_up_link { self.number_digest.clone() } else { None };
        happens.then_some(InstanceEvent::Disconnected { reason, released_digest })
    }

    fn stop(&self, first: InstanceEvent, reason: DisconnectReason) -> Vec<InstanceEvent> {
        std::iter::once(first).chain(self.disconnect(reason)).collect()
    }
}
