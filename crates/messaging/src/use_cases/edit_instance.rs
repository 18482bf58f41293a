//! Name, webhooks, behaviour.

use recado_kernel::{CommandMeta, InstanceId, Name};

use super::Recorded;
use crate::domain::instance::{
    InstanceAction, InstanceCommand, InstanceSettings, SettingsChange, WebhookChange, WebhookKind, WebhookUrl,
};
use crate::{Messaging, MessagingError};

impl Messaging {
    /// Gives the instance another name.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn rename_instance(&self, meta: CommandMeta, id: InstanceId, name: Name) -> Result<Recorded, MessagingError> {
        self.on_instance(meta, id, InstanceAction::Rename { name }).await
    }

    /// Sets one webhook; an empty text or `None` clears it (plugzapi-api.md 2.6).
    ///
    /// # Errors
    /// Not a permitted URL, not found, or the database.
    pub async fn set_webhook(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        kind: WebhookKind,
        url: Option<&str>,
    ) -> Result<Recorded, MessagingError> {
        let change = WebhookChange::one(kind, self.webhook_url(url)?);
        self.change_webhooks(meta, id, change).await
    }

    /// Sets every webhook at once.
    ///
    /// # Errors
    /// Not a permitted URL, not found, or the database.
    pub async fn set_every_webhook(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        url: Option<&str>,
        notify_sent_by_me: Option<bool>,
    ) -> Result<Recorded, MessagingError> {
        let change = WebhookChange::every(self.webhook_url(url)?, notify_sent_by_me);
        self.change_webhooks(meta, id, change).await
    }

    /// Switches "enviadas por mim".
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn set_notify_sent_by_me(&self, meta: CommandMeta, id: InstanceId, on: bool) -> Result<Recorded, MessagingError> {
        self.change_webhooks(meta, id, WebhookChange::notify_sent_by_me(on)).await
    }

    /// Any combination of webhook changes in one step (the panel's form). URLs come from [`Self::webhook_url`].
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn change_webhooks(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        change: WebhookChange,
    ) -> Result<Recorded, MessagingError> {
        self.on_instance(meta, id, InstanceAction::ChangeWebhooks(change)).await
    }

    /// Replaces the behaviour settings.
    ///
    /// # Errors
    /// Not found, or the database.
    pub async fn change_settings(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        settings: InstanceSettings,
    ) -> Result<Recorded, MessagingError> {
        self.on_instance(meta, id, InstanceAction::ChangeSettings(settings)).await
    }

    /// Changes some behaviour settings; what is not named stays.
    ///
    /// # Errors
    /// A text that cannot be stored, not found, or the database.
    pub async fn adjust_settings(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        change: SettingsChange,
    ) -> Result<Recorded, MessagingError> {
        if !change.is_valid() {
            return Err(MessagingError::Setting("value"));
        }
        self.on_instance(meta, id, InstanceAction::AdjustSettings(change)).await
    }

    /// Reads a URL as people type it under this installation's policy; empty means none.
    ///
    /// # Errors
    /// Not a permitted URL.
    pub fn webhook_url(&self, text: Option<&str>) -> Result<Option<WebhookUrl>, MessagingError> {
        match text.map(str::trim).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => Ok(Some(WebhookUrl::parse(text, self.settings.allow_local_webhooks)?)),
        }
    }

    /// Runs `action` on an instance of `meta.account_id`.
    pub(crate) async fn on_instance(
        &self,
        meta: CommandMeta,
        id: InstanceId,
        action: InstanceAction,
    ) -> Result<Recorded, MessagingError> {
        let command = InstanceCommand { account: meta.account_id, at: self.platform.now(), action };
        Ok(self.instances.execute(&id.to_string(), command, meta).await?.into())
    }
}
