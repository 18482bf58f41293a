//! What happened to an instance. Wire names are for ever.

use recado_event_store::stored_events;
use recado_kernel::{AccountId, Sealed, Timestamp};
use serde::{Deserialize, Serialize};

use super::{InstanceSettings, Webhooks};

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisconnectReason {
    /// A person or a REST client asked for it: the number is unlinked.
    User,
    /// Unlinked on the phone.
    Phone,
    /// The trial ran out (plugzapi-api.md 4).
    TrialExpired,
    /// The cancelled subscription reached its end.
    ServiceEnded,
    /// The connection broke; the session is kept and can be restored without a new QR code.
    ConnectionLost,
    /// Pairing was given up before a phone scanned.
    PairingAbandoned,
    /// Stopped until an invoice is paid; the link is kept.
    Suspended,
    /// The instance is being deleted.
    Deleted,
}

/// Why an instance was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeletionReason {
    /// Its trial ran out and nobody subscribed.
    TrialUnpaid,
    /// Its cancelled subscription ended and nobody took it up again.
    ServiceEnded,
    /// The account did not pay (plugzapi-api.md 2.12: day 15).
    InvoiceUnpaid,
    /// A person asked for it.
    User,
}

/// The device an integrator asked for at birth (plugzapi-api.md 2.12). We only run web sessions; the wish is kept and told back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceWish {
    /// Name shown in WhatsApp › linked devices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_name: Option<String>,
    /// A mobile instance.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_mobile: bool,
    /// WhatsApp Business.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_business: bool,
}

impl DeviceWish {
    /// Nothing in particular?
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// `middleware` of the integrator's list.
    #[must_use]
    pub const fn middleware(&self) -> &'static str {
        if self.is_mobile { "mobile" } else { "web" }
    }
}

impl DisconnectReason {
    /// Is the link to the number kept, so that the session can be restored?
    #[must_use]
    pub const fn keeps_link(self) -> bool {
        matches!(self, Self::ConnectionLost | Self::Suspended)
    }

    /// Did we decide it, so that the engine must log its session out? Otherwise the engine itself reported it.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::User | Self::TrialExpired | Self::ServiceEnded | Self::Suspended | Self::Deleted)
    }

    /// The wire name, e.g. `user`, `connection_lost`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Phone => "phone",
            Self::TrialExpired => "trial_expired",
            Self::ServiceEnded => "service_ended",
            Self::ConnectionLost => "connection_lost",
            Self::PairingAbandoned => "pairing_abandoned",
            Self::Suspended => "suspended",
            Self::Deleted => "deleted",
        }
    }
}

/// Events of one instance; business time is the event's `occurred_at`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum InstanceEvent {
    /// It exists and its trial runs.
    #[serde(rename = "instance.created")]
    Created {
        /// The owner.
        account: AccountId,
        /// Display name, not personal.
        name: String,
        /// End of the trial, to the second.
        trial_ends_at: Timestamp,
        /// The REST token under the vault (purpose [`crate::TOKEN_PURPOSE`]).
        token_protected: String,
        /// Keyed digest of the token.
        token_digest: String,
        /// Secret that signs webhooks, under the vault (purpose [`crate::WEBHOOK_SECRET_PURPOSE`]).
        webhook_secret_protected: String,
        /// What device was asked for.
        #[serde(default, skip_serializing_if = "DeviceWish::is_usual")]
        device: DeviceWish,
    },
    /// It has another name.
    #[serde(rename = "instance.renamed")]
    Renamed {
        /// The new name.
        name: String,
    },
    /// Its webhooks are these from now on.
    #[serde(rename = "instance.webhooks_changed")]
    WebhooksChanged {
        /// All URLs after the change.
        webhooks: Webhooks,
        /// "Enviadas por mim": also notify messages sent by the own number.
        notify_sent_by_me: bool,
    },
    /// Its behaviour settings are these from now on.
    #[serde(rename = "instance.settings_changed")]
    SettingsChanged {
        /// All settings after the change.
        settings: InstanceSettings,
    },
    /// A QR code is being shown.
    #[serde(rename = "instance.pairing_started")]
    PairingStarted {},
    /// A phone scanned: connected.
    #[serde(rename = "instance.paired")]
    Paired {
        /// The number, sealed under "contact/<digits>".
        number: Sealed,
        /// Its keyed digest across all accounts (scope [`super::LIVE_NUMBER`]).
        number_digest: String,
        /// Digest of the number whose claim was held until now, if any.
        #[serde(default)]
        previous_digest: Option<String>,
    },
    /// The session ended.
    #[serde(rename = "instance.disconnected")]
    Disconnected {
        /// Why.
        reason: DisconnectReason,
        /// Digest of the number that is no longer live here, if the link is gone.
        #[serde(default)]
        released_digest: Option<String>,
    },
    /// The kept session is online again.
    #[serde(rename = "instance.reconnected")]
    Reconnected {},
    /// Somebody asked for a restart of the session.
    #[serde(rename = "instance.restarted")]
    Restarted {},
    /// Somebody paused its queue: messages are accepted and wait.
    #[serde(rename = "instance.queue_paused")]
    QueuePaused {},
    /// The queue goes on.
    #[serde(rename = "instance.queue_resumed")]
    QueueResumed {},
    /// Paid from now on.
    #[serde(rename = "instance.subscribed")]
    Subscribed {
        /// Plan name, e.g. `PRO`.
        plan: String,
    },
    /// Not renewed; usable until `ends_at` (plugzapi-api.md 2.12: 30 more days).
    #[serde(rename = "instance.subscription_cancelled")]
    SubscriptionCancelled {
        /// When service ends.
        ends_at: Timestamp,
    },
    /// The trial ran out without a subscription.
    #[serde(rename = "instance.trial_expired")]
    TrialExpired {},
    /// The cancelled subscription reached its end.
    #[serde(rename = "instance.service_ended")]
    ServiceEnded {},
    /// Webhooks are signed with another secret; the one before it signs beside it until `previous_until`.
    #[serde(rename = "instance.webhook_secret_rotated")]
    WebhookSecretRotated {
        /// The new one under the vault (purpose [`crate::WEBHOOK_SECRET_PURPOSE`]).
        secret_protected: String,
        /// Until when the secret before it signs, too.
        previous_until: Timestamp,
    },
    /// The secret before the newest signs no more.
    #[serde(rename = "instance.webhook_secret_retired")]
    WebhookSecretRetired {},
    /// Stopped until an invoice is paid; the link and the queue are kept.
    #[serde(rename = "instance.suspended")]
    Suspended {},
    /// Going on again.
    #[serde(rename = "instance.reactivated")]
    Reactivated {},
    /// Gone for good, with its queue; its history stays.
    #[serde(rename = "instance.deleted")]
    Deleted {
        /// Why.
        reason: DeletionReason,
    },
    /// The REST token is another one; the old one is void at once.
    #[serde(rename = "instance.token_rotated")]
    TokenRotated {
        /// The new token under the vault.
        token_protected: String,
        /// Its keyed digest.
        token_digest: String,
    },
}

stored_events! {
    InstanceEvent {
        Created => "instance.created" 1,
            en "An instance exists and its trial runs.",
            pt "Uma instância existe e o seu período de teste corre.";
        Renamed => "instance.renamed" 1,
            en "It has another name.",
            pt "Tem outro nome.";
        WebhooksChanged => "instance.webhooks_changed" 1,
            en "All its webhooks, as they are from now on.",
            pt "Todos os seus webhooks, como valem a partir de agora.";
        SettingsChanged => "instance.settings_changed" 1,
            en "All its behaviour settings, as they are from now on.",
            pt "Todas as suas opções de comportamento, como valem a partir de agora.";
        PairingStarted => "instance.pairing_started" 1,
            en "A QR code is being shown.",
            pt "Um QR Code está sendo exibido.";
        Paired => "instance.paired" 1,
            en "A phone scanned the code: the instance is connected to this number.",
            pt "Um telefone leu o código: a instância está conectada a este número.",
            sealed ["number"];
        Disconnected => "instance.disconnected" 1,
            en "The session ended, for this reason.",
            pt "A sessão terminou, por este motivo.";
        Reconnected => "instance.reconnected" 1,
            en "The kept session is online again.",
            pt "A sessão guardada está de novo no ar.";
        Restarted => "instance.restarted" 1,
            en "Somebody asked for a restart of the session.",
            pt "Alguém pediu o reinício da sessão.";
        QueuePaused => "instance.queue_paused" 1,
            en "Somebody paused its queue: messages are accepted and wait.",
            pt "Alguém pausou a sua fila: mensagens são aceitas e esperam.";
        QueueResumed => "instance.queue_resumed" 1,
            en "Its queue goes on.",
            pt "A sua fila voltou a andar.";
        Subscribed => "instance.subscribed" 1,
            en "It is paid for from now on, on this plan.",
            pt "É paga a partir de agora, neste plano.";
        SubscriptionCancelled => "instance.subscription_cancelled" 1,
            en "The subscription is not renewed; the instance is usable until this moment.",
            pt "A assinatura não será renovada; a instância é utilizável até este momento.";
        TrialExpired => "instance.trial_expired" 1,
            en "The trial ran out without a subscription.",
            pt "O período de teste acabou sem assinatura.";
        ServiceEnded => "instance.service_ended" 1,
            en "The cancelled subscription reached its end.",
            pt "A assinatura cancelada chegou ao fim.";
        WebhookSecretRotated => "instance.webhook_secret_rotated" 1,
            en "Webhooks are signed with another secret; the one before it signs beside it until this moment.",
            pt "Os webhooks são assinados com outro segredo; o anterior assina ao lado dele até este momento.";
        WebhookSecretRetired => "instance.webhook_secret_retired" 1,
            en "The webhook secret before the newest signs no more.",
            pt "O segredo de webhook anterior não assina mais.";
        Suspended => "instance.suspended" 1,
            en "It is stopped until an invoice is paid; its link and its queue are kept.",
            pt "Está parada até o pagamento de uma fatura; o vínculo e a fila são mantidos.";
        Reactivated => "instance.reactivated" 1,
            en "It goes on after a suspension.",
            pt "Voltou a funcionar depois de uma suspensão.";
        Deleted => "instance.deleted" 1,
            en "It is gone for good, with what was queued; its history stays.",
            pt "Foi excluída em definitivo, com o que estava na fila; o histórico fica.";
        TokenRotated => "instance.token_rotated" 1,
            en "The REST token is another one; the old one is void at once.",
            pt "O token REST foi trocado; o anterior deixa de valer na hora.";
    }
}
