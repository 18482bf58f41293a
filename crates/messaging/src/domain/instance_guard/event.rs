//! What people decided and checked for one instance. Wire names are for ever.

use chrono::NaiveDate;
use recado_event_store::stored_events;
use recado_kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::guards::{CheckItem, GuardMode, WarmUpPlan};

/// Events of one instance's guards. Who and when are the record's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum InstanceGuardEvent {
    /// The warm-up is meant so from now on.
    #[serde(rename = "instance_guard.warm_up_changed")]
    WarmUpChanged {
        /// The owner.
        account: AccountId,
        /// How strictly.
        mode: GuardMode,
        /// The plan; `None`: the installation's.
        plan: Option<WarmUpPlan>,
    },
    /// The 24-hour rule is meant so from now on.
    #[serde(rename = "instance_guard.qr_rule_changed")]
    QrRuleChanged {
        /// The owner.
        account: AccountId,
        /// How strictly; `None`: as the account decided.
        mode: Option<GuardMode>,
    },
    /// Somebody said when the number was registered in WhatsApp.
    #[serde(rename = "instance_guard.registration_told")]
    RegistrationTold {
        /// The owner.
        account: AccountId,
        /// When it was registered.
        registered_at: Timestamp,
    },
    /// Somebody checked an item.
    #[serde(rename = "instance_guard.item_checked")]
    ItemChecked {
        /// The owner.
        account: AccountId,
        /// Which.
        item: CheckItem,
    },
    /// Somebody took the check back.
    #[serde(rename = "instance_guard.item_unchecked")]
    ItemUnchecked {
        /// The owner.
        account: AccountId,
        /// Which.
        item: CheckItem,
    },
    /// A new contact was counted against the day's allowance (mode "enforce" only).
    #[serde(rename = "instance_guard.new_contact_counted")]
    NewContactCounted {
        /// The owner.
        account: AccountId,
        /// The day in the account's zone.
        day: NaiveDate,
        /// Keyed digest of the number.
        number_digest: String,
        /// Keyed digest of the contact's chat.
        chat_digest: String,
    },
}

stored_events! {
    InstanceGuardEvent {
        WarmUpChanged => "instance_guard.warm_up_changed" 1,
            en "How strictly the number's warm-up is meant, and its plan.",
            pt "O rigor do aquecimento do número, e o seu plano.";
        QrRuleChanged => "instance_guard.qr_rule_changed" 1,
            en "How strictly the 24-hour rule before the QR code is meant here.",
            pt "O rigor da regra das 24 horas antes do QR Code.";
        RegistrationTold => "instance_guard.registration_told" 1,
            en "Somebody said when the number was registered in WhatsApp.",
            pt "Alguém informou quando o número foi registrado no WhatsApp.";
        ItemChecked => "instance_guard.item_checked" 1,
            en "Somebody checked an item of good practice.",
            pt "Alguém marcou um item das boas práticas.";
        ItemUnchecked => "instance_guard.item_unchecked" 1,
            en "Somebody took the check of an item back.",
            pt "Alguém desmarcou um item das boas práticas.";
        NewContactCounted => "instance_guard.new_contact_counted" 1,
            en "A new contact was counted against the day's allowance of the warm-up.",
            pt "Um contato novo foi contado na cota do dia do aquecimento.";
    }
}
