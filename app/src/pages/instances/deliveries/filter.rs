//! Which deliveries the list shows, as its address says it.

use leptos::prelude::*;
use recado_event_store::audit::Period;
use recado_messaging::{DeliveryFilter, DeliveryState, Messaging};
use serde::Deserialize;
use uuid::Uuid;

use crate::view::field::Field;
use crate::words::Words;

/// The query of the list.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    estado: String,
    #[serde(default)]
    tipo: String,
    #[serde(default)]
    desde: String,
    #[serde(default)]
    ate: String,
    /// The last delivery of the page before.
    pub antes: Option<Uuid>,
}

/// The states in the order of the list box.
const STATES: [(DeliveryState, &str); 4] = [
    (DeliveryState::Failed, "delivery.failed"),
    (DeliveryState::Waiting, "delivery.waiting"),
    (DeliveryState::Delivered, "delivery.delivered"),
    (DeliveryState::Stopped, "delivery.stopped"),
];

/// The `type`s in the order of the list box; wire names, the same in every language.
const KINDS: [&str; 6] = [
    "ReceivedCallback",
    "DeliveryCallback",
    "MessageStatusCallback",
    "ConnectedCallback",
    "DisconnectedCallback",
    "PresenceChatCallback",
];

impl Asked {
    /// What nobody can read filters nothing.
    pub fn filter(&self) -> DeliveryFilter {
        let period = Period::parse(&self.desde, &self.ate).unwrap_or_default();
        DeliveryFilter {
            state: DeliveryState::named(&self.estado),
            callback: Some(self.tipo.clone()).filter(|kind| Messaging::is_feed_kind(kind)),
            from: period.from,
            until: period.until,
        }
    }

    /// Is anything filtered?
    pub fn is_narrow(&self) -> bool {
        self.filter() != DeliveryFilter::default()
    }

    /// The query without its cursor, to go on under the same filter; every value is one of ours or a day.
    pub fn query(&self) -> String {
        let day = |text: &str| text.chars().filter(|c| c.is_ascii_digit() || *c == '-').take(10).collect::<String>();
        let known = self.filter();
        format!(
            "estado={}&tipo={}&desde={}&ate={}",
            known.state.map_or("", DeliveryState::as_str),
            known.callback.unwrap_or_default(),
            day(&self.desde),
            day(&self.ate)
        )
    }

    /// The form.
    pub fn form(&self, words: Words, action: String) -> AnyView {
        let day = |name, label, value: &str| Field { kind: "date", ..Field::text(name, label).optional().value(value) }.view();
        let known = self.filter();
        let states = STATES
            .into_iter()
            .map(|(state, word)| view! { <option value=state.as_str() selected=known.state == Some(state)>{words.t(word)}</option> })
            .collect_view();
        let kinds = KINDS
            .into_iter()
            .filter(|kind| Messaging::is_feed_kind(kind))
            .map(|kind| view! { <option value=kind selected=known.callback.as_deref() == Some(kind)>{kind}</option> })
            .collect_view();
        let clear = self.is_narrow().then(|| view! { <a class="button" href=action.clone()>{words.t("deliveries.clear")}</a> });
        view! {
            <form method="get" action=action.clone() class="filters" aria-label=words.t("deliveries.filter")>
                <div class="field">
                    <label for="estado">{words.t("deliveries.state")}</label>
                    <select id="estado" name="estado"><option value="">{words.t("deliveries.all")}</option>{states}</select>
                </div>
                <div class="field">
                    <label for="tipo">{words.t("deliveries.kind")}</label>
                    <select id="tipo" name="tipo"><option value="">{words.t("deliveries.all")}</option>{kinds}</select>
                </div>
                {day("desde", words.t("export.from"), &self.desde)}
                {day("ate", words.t("export.until"), &self.ate)}
                <div class="row">
                    <button type="submit" class="button">{words.t("deliveries.filter")}</button>
                    {clear}
                </div>
            </form>
        }
        .into_any()
    }
}
