//! What an account decided about its guards: words of the opt-out list, the text that confirms, the 24-hour rule.
//!
//! Protects: only what differs is stored; an account without a decision has the defaults.

use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use recado_event_store::stored_events;
use serde::{Deserialize, Serialize};

use super::guards::{GuardMode, KeyWords};

/// Longest confirmation, in bytes.
pub const LONGEST_CONFIRMATION: usize = 1_000;

/// The decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardRules {
    /// Words by which contacts leave and come back.
    pub words: KeyWords,
    /// Sent once to whoever leaves; `None`: nothing is sent.
    pub confirmation: Option<String>,
    /// The 24-hour rule before the QR code, for instances that have no rule of their own.
    pub qr_rule: GuardMode,
    /// Does it hold on the REST API, too? It never does unless the account says so (plugzapi-api.md 4).
    pub qr_rule_in_api: bool,
}

impl Default for GuardRules {
    fn default() -> Self {
        let confirmation = "Pronto: você não receberá mais mensagens nossas. Para voltar a receber, responda VOLTAR.";
        Self {
            words: KeyWords::default(),
            confirmation: Some(confirmation.to_owned()),
            qr_rule: GuardMode::Advise,
            qr_rule_in_api: false,
        }
    }
}

/// Events of an account's decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum GuardPolicyEvent {
    /// The rules are these from now on.
    #[serde(rename = "guard_policy.changed")]
    Changed {
        /// All of them.
        rules: GuardRules,
    },
}

stored_events! {
    GuardPolicyEvent {
        Changed => "guard_policy.changed" 1,
            en "The account's rules of good practice, as they are from now on.",
            pt "As regras de boas práticas da conta, como valem a partir de agora.";
    }
}

/// The aggregate; its id is the account's.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GuardPolicy {
    /// What holds now.
    pub rules: GuardRules,
}

/// Other rules.
#[derive(Debug, Clone)]
pub struct ChangeRules(pub GuardRules);

/// It refuses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuardPolicyError {}

impl Aggregate for GuardPolicy {
    const TYPE: &'static str = "guard_policy";
    type Command = ChangeRules;
    type Event = GuardPolicyEvent;
    type Error = GuardPolicyError;
    type Services = ();

    async fn handle(&mut self, ChangeRules(rules): ChangeRules, (): &(), sink: &EventSink<Self>) -> Result<(), GuardPolicyError> {
        if rules != self.rules {
            sink.write(GuardPolicyEvent::Changed { rules }, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: GuardPolicyEvent) {
        let GuardPolicyEvent::Changed { rules } = event;
        self.rules = rules;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cqrs_es::test::TestFramework;

    #[test]
    fn only_what_differs_is_stored() {
        let rules = GuardRules { confirmation: None, ..GuardRules::default() };
        let changed = GuardPolicyEvent::Changed { rules: rules.clone() };
        let scenario = || TestFramework::<GuardPolicy>::with(());
        scenario().given_no_previous_events().when(ChangeRules(GuardRules::default())).then_expect_events(vec![]);
        scenario().given_no_previous_events().when(ChangeRules(rules.clone())).then_expect_events(vec![changed.clone()]);
        scenario().given(vec![changed]).when(ChangeRules(rules)).then_expect_events(vec![]);
    }
}
